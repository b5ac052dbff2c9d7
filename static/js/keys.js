/* <input data-key="/">: the key leads to the field, unless one is typing already. */
document.addEventListener("keydown", function (event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  var field = document.querySelector('[data-key="' + CSS.escape(event.key) + '"]');
  if (field) { event.preventDefault(); field.focus(); }
});
