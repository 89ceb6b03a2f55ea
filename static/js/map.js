// The map of the directory: the county's outline and a pin for each public address, drawn by Leaflet without tiles.
// It repeats the list, so it stays hidden without scripts and is loaded only when it comes into view.

const NEAR = 34; // pixels: pins closer than this become one with a number

const section = document.querySelector("[data-map]");
if (section && "IntersectionObserver" in window) {
  section.hidden = false;
  document.querySelector(".places__to-map").hidden = false;
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    start(section.dataset).catch(() => { section.hidden = true; });
  }, { rootMargin: "200px" }).observe(section);
}

async function start(data) {
  const [points, outline] = await Promise.all([
    fetchJson(data.points),
    fetchJson(data.outline).catch(() => null),
    loadStyle(data.leafletStyle),
    loadScript(data.leaflet),
  ]);
  const map = createMap(section.querySelector(".map-frame"), data);
  const bounds = L.latLngBounds(points.features.map(position));
  if (outline) bounds.extend(drawOutline(map, outline));
  if (!bounds.isValid()) throw new Error("nothing to show");
  map.fitBounds(bounds, { padding: [12, 12] });
  map.setMinZoom(map.getZoom() - 1);
  drawPins(map, points.features);
}

async function fetchJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(url);
  return response.json();
}

function loadScript(src) {
  return new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject }));
  });
}

function loadStyle(href) {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: reject });
    // Before places.css, whose rules are to win.
    document.head.insertBefore(link, document.querySelector('link[rel="stylesheet"]'));
  });
}

function createMap(frame, data) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(frame, {
    attributionControl: false,
    zoomControl: false,
    scrollWheelZoom: false, // else the page would stop scrolling here
    maxZoom: 16,
    zoomSnap: 0.25,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    markerZoomAnimation: !calm,
  });
  L.control.zoom({ zoomInTitle: data.zoomIn, zoomOutTitle: data.zoomOut, position: "bottomright" }).addTo(map);
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", data.label);
  return map;
}

function drawOutline(map, outline) {
  const layer = L.geoJSON(outline, {
    interactive: false,
    style: ({ properties }) => ({ className: `map-${properties.kind}`, fill: properties.kind === "municipality" }),
    onEachFeature: ({ properties }, area) => {
      if (properties.kind !== "municipality") return;
      // Below the middle, where the pins of the municipality's seat mostly are.
      area.bindTooltip(properties.name, { permanent: true, direction: "center", offset: [0, 32], className: "map-label" });
    },
  }).addTo(map);
  return layer.getBounds();
}

function position(feature) {
  const [longitude, latitude] = feature.geometry.coordinates;
  return L.latLng(latitude, longitude);
}

function drawPins(map, features) {
  const layer = L.layerGroup().addTo(map);
  const draw = () => {
    layer.clearLayers();
    for (const group of gatherNear(map, features)) pin(group).addTo(layer);
  };
  map.on("zoomend", draw);
  // The reader of the popup gets the focus, and its pin gets it back: otherwise the keyboard would be lost.
  map.on("popupopen", ({ popup }) => popup.getElement().querySelector("a").focus());
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
  });
  draw();
}

function gatherNear(map, features) {
  const groups = [];
  for (const feature of features) {
    const point = map.latLngToLayerPoint(position(feature));
    const near = groups.find((group) => group.point.distanceTo(point) < NEAR);
    if (near) near.features.push(feature);
    else groups.push({ point, features: [feature] });
  }
  return groups;
}

function pin({ features }) {
  const number = features.length > 1 ? String(features.length) : "";
  const names = features.map((feature) => feature.properties.name).join("; ");
  const label = number ? `${number}: ${names}` : names;
  const icon = L.divIcon({ className: "map-pin", html: number, iconSize: null, iconAnchor: [18, 18] });
  const marker = L.marker(position(features[0]), { icon, title: label });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", label));
  marker.on("popupclose", () => marker.getElement()?.focus({ preventScroll: true }));
  return marker.bindPopup(popupList(features), { closeButton: false, maxHeight: 260, minWidth: 200 });
}

function popupList(features) {
  const list = Object.assign(document.createElement("ul"), { className: "map-popup" });
  for (const { properties } of features) {
    const link = Object.assign(document.createElement("a"), { href: properties.url, textContent: properties.name });
    const item = document.createElement("li");
    item.append(link, ...[properties.type, properties.address].map((text) => Object.assign(document.createElement("span"), { textContent: text })));
    list.append(item);
  }
  return list;
}
