/*
  <form data-autosave="/address/"> … <input name="version"> … <p data-autosave-status role="status">
  Posts the form a moment after the last key and shows the answer. 409: somebody else saved first; typing is never lost.
*/
document.querySelectorAll("form[data-autosave]").forEach(function (form) {
  var status = form.querySelector("[data-autosave-status]"), timer = null, busy = false, again = false, dirty = false;
  function say(text) { if (status) status.textContent = text; }
  function save() {
    if (busy) { again = true; return; }
    busy = true; dirty = false;
    var key = form.querySelector("[name=idempotency_key]");
    var data = new FormData(form);
    fetch(form.dataset.autosave, { method: "POST", body: data, headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.json().then(function (body) { return [answer.status, body]; }); })
      .then(function (pair) {
        var body = pair[1];
        if (pair[0] === 200) {
          form.querySelector("[name=version]").value = body.version;
          say(form.dataset.saved.replace("%(time)s", body.saved_at).replace("%(version)s", body.version));
        } else { dirty = true; say(body.message); }
      })
      .catch(function () { dirty = true; say(form.dataset.failed); })
      .finally(function () { busy = false; if (again) { again = false; save(); } void key; });
  }
  form.addEventListener("input", function () { dirty = true; clearTimeout(timer); timer = setTimeout(save, 900); });
  form.addEventListener("submit", function () { dirty = false; clearTimeout(timer); });
  window.addEventListener("beforeunload", function (event) { if (dirty) event.preventDefault(); });
});
