/* <a data-toc="objectives">, <section data-read="objectives">: ticks the table of contents as the letter is read. */
if ("IntersectionObserver" in window) {
  var seen = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) return;
      var link = document.querySelector('[data-toc="' + CSS.escape(entry.target.dataset.read) + '"]');
      if (link) link.classList.add("p-read");
    });
  }, { threshold: 0.2 });
  document.querySelectorAll("[data-read]").forEach(function (section) { seen.observe(section); });
}
