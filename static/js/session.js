/*
  <form data-session="seconds left" action="/sessions/stay/" hidden>
    … [data-session-soon] [data-session-last] [data-session-over] … <button data-session-stay> <a data-session-sign-in>
  Warns two minutes before the session ends. Another window may have lengthened it, so the server is asked before anything
  is shown. At the end the page stays as it is: what was typed is not lost.
*/
document.querySelectorAll("form[data-session]").forEach(function (form) {
  var WARNING = 120,
    timer = null,
    last = false;
  function part(name) {
    return form.querySelector("[data-session-" + name + "]");
  }
  function show(state) {
    form.hidden = !state;
    part("soon").hidden = state !== "soon";
    part("last").hidden = state !== "last";
    part("over").hidden = part("sign-in").hidden = state !== "over";
    part("stay").hidden = state !== "soon";
  }
  function wait(left) {
    clearTimeout(timer);
    if (left > WARNING) {
      show("");
      timer = setTimeout(ask, (left - WARNING) * 1000);
      return;
    }
    show(last ? "last" : "soon");
    timer = setTimeout(ask, Math.max(left + 1, 1) * 1000);
  }
  function ask(method) {
    var how = { headers: { Accept: "application/json" } };
    if (method === "POST") {
      how.method = "POST";
      how.body = new FormData(form);
    }
    fetch(form.action, how)
      .then(function (answer) {
        if (answer.status === 401 || answer.redirected) {
          clearTimeout(timer);
          show("over");
          return null;
        }
        return answer.json().then(function (body) {
          last = body.last;
          wait(body.left);
        });
      })
      .catch(function () {
        timer = setTimeout(ask, 15000);
      });
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    ask("POST");
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) ask();
  });
  wait(Number(form.dataset.session));
});
