/*
  Keys for who works without a mouse; never while one types in a field, never with Ctrl, Alt or Meta.
  <input data-key="/"> takes the focus; <a data-key="g t"> is followed after the two keys; j and k walk the rows of the page;
  ? opens <dialog data-keys>, as <button data-opens-keys> does. <input type="checkbox" data-keys-on> in it turns the others off.
*/
(function () {
  var first = "",
    forget = null,
    off = false;
  try {
    off = localStorage.getItem("keys") === "off";
  } catch (error) {
    /* a device that keeps nothing */
  }
  var ROWS = ".p-tb tbody tr, .p-dated > li, .p-rows > li, .p-owe > li, .p-mx tbody tr";
  function typing(target) {
    return target.closest && target.closest("input, textarea, select, [contenteditable], dialog");
  }
  function walk(step) {
    var links = [];
    document.querySelectorAll("#main :is(" + ROWS + ")").forEach(function (row) {
      var link = row.querySelector("a[href], button");
      if (link && link.offsetParent && links.indexOf(link) < 0) links.push(link);
    });
    if (!links.length) return false;
    var row = document.activeElement.closest(ROWS),
      place = -1;
    links.forEach(function (link, at) {
      if (row && row.contains(link)) place = at;
    });
    var next = place < 0 ? 0 : Math.max(0, Math.min(links.length - 1, place + step));
    links[next].focus();
    return true;
  }
  function help() {
    var dialog = document.querySelector("dialog[data-keys]");
    if (!dialog || dialog.open) return false;
    dialog.showModal();
    return true;
  }
  function act(key) {
    if (off && key !== "?") return false;
    if (key === "j") return walk(1);
    if (key === "k") return walk(-1);
    if (key === "?") return help();
    var found = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (!found) return false;
    if (found.tagName === "A") found.click();
    else found.focus();
    return true;
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    var key = first ? first + " " + event.key : event.key;
    clearTimeout(forget);
    first = "";
    if (key === "g") {
      first = "g";
      forget = setTimeout(function () {
        first = "";
      }, 1500);
    } else if (act(key)) event.preventDefault();
  });
  document.querySelectorAll("[data-keys-on]").forEach(function (box) {
    box.checked = !off;
    box.addEventListener("change", function () {
      off = !box.checked;
      try {
        localStorage.setItem("keys", off ? "off" : "on");
      } catch (error) {
        /* until the page is left */
      }
    });
  });
  document.querySelectorAll("[data-opens-keys]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", help);
  });
})();
