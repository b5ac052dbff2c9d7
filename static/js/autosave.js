/*
  <form data-autosave="/address/"> … <input name="version"> … <p data-autosave-status role="status">
  Posts the form a moment after the last key and shows the answer. 409: somebody else saved first; typing is never lost.
*/
document.querySelectorAll("form[data-autosave]").forEach(function (form) {
  var status = form.querySelector("[data-autosave-status]");
  var timer = null,
    busy = false,
    again = false,
    dirty = false,
    pressed = null;
  function say(text) {
    if (status) status.textContent = text;
  }
  function save() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    dirty = false;
    var data = new FormData(form);
    fetch(form.dataset.autosave, { method: "POST", body: data, headers: { Accept: "application/json" } })
      .then(function (answer) {
        return answer.json().then(function (body) {
          return [answer.status, body];
        });
      })
      .then(function (pair) {
        var body = pair[1];
        if (pair[0] === 200) {
          form.querySelector("[name=version]").value = body.version;
          // Saved as it stands; what is still wrong with it is said beside.
          say(
            form.dataset.saved.replace("%(time)s", body.saved_at).replace("%(version)s", body.version) +
              (body.message ? ". " + body.message : ""),
          );
        } else {
          dirty = true;
          say(body.message);
        }
      })
      .catch(function () {
        dirty = true;
        say(form.dataset.failed);
      })
      .finally(function () {
        busy = false;
        if (pressed) {
          form.requestSubmit(pressed.button);
          pressed = null;
        } else if (again) {
          again = false;
          save();
        }
      });
  }
  form.addEventListener("input", function () {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, 900);
  });
  form.addEventListener("submit", function (event) {
    clearTimeout(timer);
    // While a save is under way the version on the page is the one before it: sent now, it would contradict itself.
    if (busy) {
      event.preventDefault();
      pressed = { button: event.submitter };
      return;
    }
    dirty = false;
  });
  window.addEventListener("beforeunload", function (event) {
    if (dirty) event.preventDefault();
  });
});
