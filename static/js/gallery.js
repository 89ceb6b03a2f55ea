// Opens the photos of every ul[data-gallery] in a dialog. Without this script they are plain links to the large files.
for (const gallery of document.querySelectorAll("[data-gallery]:not([data-ready])")) {
  gallery.dataset.ready = "";
  const links = [...gallery.querySelectorAll("a")];
  const words = gallery.dataset;
  let viewer;
  let current = 0;

  const build = () => {
    viewer = document.createElement("dialog");
    viewer.className = "viewer";
    viewer.setAttribute("aria-label", words.label);
    viewer.innerHTML = `
      <p class="viewer__counter" aria-live="polite"></p>
      <button type="button" class="viewer__close">×</button>
      <figure><img><figcaption></figcaption></figure>
      <button type="button" class="viewer__previous">‹</button>
      <button type="button" class="viewer__next">›</button>`;
    const name = (part, label) => viewer.querySelector(`.viewer__${part}`).setAttribute("aria-label", label);
    name("close", words.close);
    name("previous", words.previous);
    name("next", words.next);
    for (const part of ["previous", "next"]) viewer.querySelector(`.viewer__${part}`).hidden = links.length < 2;
    viewer.addEventListener("click", ({ target }) => {
      if (target.closest(".viewer__previous")) show(current - 1);
      else if (target.closest(".viewer__next")) show(current + 1);
      else if (target.closest(".viewer__close") || target.tagName === "FIGURE") viewer.close();
    });
    viewer.addEventListener("keydown", ({ key }) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (step) show(current + step);
      else if (key === "Home") show(0);
      else if (key === "End") show(links.length - 1);
    });
    // The browser gives the focus back to the link that was pressed; after turning pages, to the one now seen.
    viewer.addEventListener("close", () => links[current].focus());
    swipe(viewer.querySelector("figure"));
    document.body.append(viewer);
  };

  const swipe = (figure) => {
    let from = null;
    figure.addEventListener("pointerdown", (event) => (from = event.isPrimary ? event.clientX : null));
    figure.addEventListener("pointerup", (event) => {
      const way = from === null ? 0 : event.clientX - from;
      from = null;
      if (Math.abs(way) > 50) show(current + (way < 0 ? 1 : -1));
    });
    figure.addEventListener("dragstart", (event) => event.preventDefault());
  };

  const show = (number) => {
    current = (number + links.length) % links.length;
    const link = links[current];
    const small = link.querySelector("img");
    const photo = viewer.querySelector("img");
    // A new element, so that it fades in and the last photo is not seen under the new words.
    const fresh = photo.cloneNode();
    fresh.src = link.href;
    fresh.alt = small.alt;
    fresh.width = small.getAttribute("width");
    fresh.height = small.getAttribute("height");
    photo.replaceWith(fresh);
    const caption = viewer.querySelector("figcaption");
    caption.textContent = [link.dataset.caption, link.dataset.author].filter(Boolean).join(" · ");
    caption.lang = link.dataset.language ?? "";
    viewer.querySelector(".viewer__counter").textContent = words.counter.replace("{number}", current + 1).replace("{count}", links.length);
    new Image().src = links[(current + 1) % links.length].href;
  };

  gallery.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (!viewer) build();
    show(links.indexOf(link));
    viewer.showModal();
  });
}
