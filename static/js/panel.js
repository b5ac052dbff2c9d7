/*
  <table data-panel="cell">: a cell opens its panel in <aside id="cell"> without leaving the page, and Esc there goes back to
  the cell. On a phone, where the panel would stand far below, the cell leads to the page of its duty.
  Without this script the cell's own address shows the same panel.
*/
document.querySelectorAll("table[data-panel]").forEach(function (table) {
  var panel = document.getElementById(table.dataset.panel),
    opener = null;
  if (!panel || !window.fetch) return;
  function show(link, html) {
    panel.innerHTML = html;
    if (opener) opener.removeAttribute("aria-current");
    table.querySelectorAll("[aria-current]").forEach(function (old) {
      old.removeAttribute("aria-current");
    });
    link.setAttribute("aria-current", "true");
    opener = link;
    var title = panel.querySelector("h2");
    if (title) title.focus();
  }
  table.addEventListener("click", function (event) {
    var link = event.target.closest("td a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (window.matchMedia("screen and (max-width: 820px)").matches) {
      location.href = "/duties/" + new URL(link.href).searchParams.get("cell") + "/";
      return;
    }
    fetch(link.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" })
      .then(function (answer) {
        return answer.ok && !answer.redirected ? answer.text() : Promise.reject();
      })
      .then(function (html) {
        show(link, html);
      })
      .catch(function () {
        location.href = link.href;
      });
  });
  panel.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && opener) opener.focus();
  });
});
