// Whoever came here has asked to print; without scripts the page says how.
addEventListener("load", () => print());
