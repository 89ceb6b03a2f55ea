// Small comforts; every page works without them.
const root = document.documentElement;

// The two buttons of the header: each press takes the next of its values.
for (const button of document.querySelectorAll("[data-preference]")) {
  const name = button.dataset.preference;
  const values = button.dataset.values.split(" ");
  const show = () => {
    if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(root.dataset[name] !== values[0]));
  };
  button.addEventListener("click", () => {
    root.dataset[name] = values[(values.indexOf(root.dataset[name]) + 1) % values.length];
    try {
      localStorage.setItem(name, root.dataset[name]);
    } catch {
      // Not kept then; the choice holds for this page.
    }
    show();
  });
  show();
}

// Browsers that cannot open a <details> by style alone get the menu opened here on wide screens.
const menu = document.querySelector(".site-menu details");
if (menu && !CSS.supports("selector(::details-content)")) {
  const wide = matchMedia("(min-width: 62rem)");
  const follow = () => (menu.open = wide.matches);
  wide.addEventListener("change", follow);
  follow();
}
menu?.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// What went wrong in a form is read out first.
document.querySelector("[data-focus]")?.focus();

// A wide table scrolls in a frame that the keyboard can reach, named after its caption or the heading above it.
const asWide = new ResizeObserver((frames) => {
  for (const { target } of frames) {
    if (target.scrollWidth > target.clientWidth) {
      Object.assign(target, { tabIndex: 0, role: "region", ariaLabel: target.dataset.name });
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  }
});
for (const table of document.querySelectorAll(".prose table")) {
  const frame = document.createElement("div");
  let heading = table.caption || table;
  while (heading && !/^(CAPTION|H[1-4])$/.test(heading.tagName)) heading = heading.previousElementSibling;
  frame.dataset.name = (heading || document.querySelector("h1")).textContent;
  frame.className = "scroller";
  table.replaceWith(frame);
  frame.append(table);
  asWide.observe(frame);
}
