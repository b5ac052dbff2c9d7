/* <div data-focus tabindex="-1">: an error summary or a conflict takes the focus. */
(function () {
  var found = document.querySelector("[data-focus]");
  if (found) found.focus();
})();
