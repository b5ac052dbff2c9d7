/*
  <p data-passkey-error role="alert" hidden>sentence</p>
  Shows the sentence when the browser has no key, or the person said no. Allauth's scripts do the rest.
*/
document.addEventListener("allauth.error", function (event) {
  event.preventDefault();
  document.querySelectorAll("[data-passkey-error]").forEach(function (line) {
    line.hidden = false;
  });
});
/* <button data-needs-script hidden>: of no use without one. */
document.querySelectorAll("[data-needs-script]").forEach(function (button) {
  button.hidden = false;
});
