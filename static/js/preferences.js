// Text size and contrast, applied before the first paint; kept in this browser alone, never in a cookie.
(() => {
  const root = document.documentElement;
  root.dataset.js = "";
  for (const name of ["text", "contrast"]) {
    try {
      root.dataset[name] = localStorage.getItem(name) || "normal";
    } catch {
      root.dataset[name] = "normal"; // storage is switched off: the buttons work for one page
    }
  }
})();
