"use strict";
document.documentElement.classList.add("js");

document.addEventListener("DOMContentLoaded", function () {
  const SVG = document.documentElement.querySelector("svg") ? document.querySelector("svg").namespaceURI : "";
  const RADIUS_X = 12;
  const RADIUS_Y = 7;

  function all(selector, root) {
    return Array.from((root || document).querySelectorAll(selector));
  }

  // ---- copying the command ------------------------------------------------------------------------------------------

  function copyable(line) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", function () {
      const code = line.querySelector("code");
      const range = document.createRange();
      range.selectNodeContents(code);
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      let done = false;
      try {
        done = document.execCommand("copy");
      } catch (error) {
        done = false;
      }
      button.textContent = done ? "Copied" : "Selected";
      setTimeout(function () { button.textContent = "Copy"; }, 1500);
    });
    line.append(button);
  }

  all(".command").forEach(copyable);

  // ---- masks drawn on a picture, as lines of a policy ---------------------------------------------------------------

  // A basic string of TOML: what would end it or cannot stand in it is escaped.
  function toml(text) {
    return "\"" + Array.from(text).map(function (c) {
      const code = c.codePointAt(0);
      if (c === "\"" || c === "\\") { return "\\" + c; }
      return 0x20 > code || code === 0x7f ? "\\u" + code.toString(16).padStart(4, "0") : c;
    }).join("") + "\"";
  }

  function masking(views) {
    const snapshot = views.closest(".snapshot");
    const drawn = [];
    const line = document.createElement("div");
    const code = document.createElement("code");
    line.className = "command policy";
    line.hidden = true;
    line.append(code);
    copyable(line);
    const clear = document.createElement("button");
    clear.type = "button";
    clear.textContent = "Clear";
    clear.addEventListener("click", function () {
      drawn.splice(0).forEach(function (mask) { mask.rects.forEach(function (rect) { rect.remove(); }); });
      line.hidden = true;
    });
    line.append(clear);

    function write() {
      code.textContent = "[[snapshot]]\n" +
        "trace = " + toml(snapshot.dataset.trace) + "\n" +
        "label = " + toml(snapshot.dataset.label) + "\n" +
        "reason = \"say why\"\n" +
        "masks = [\n" + drawn.map(function (mask) {
          return "    { x = " + mask.x + ", y = " + mask.y + ", width = " + mask.width + ", height = " + mask.height + " },\n";
        }).join("") + "]";
      line.hidden = drawn.length === 0;
    }

    all(".picture", views).forEach(function (picture) {
      let from = null;
      let rubber = null;

      function place(event) {
        const box = picture.getBoundingClientRect();
        const wide = picture.viewBox.baseVal.width;
        const high = picture.viewBox.baseVal.height;
        return {
          x: Math.min(Math.max(Math.floor((event.clientX - box.left) / box.width * wide), 0), wide - 1),
          y: Math.min(Math.max(Math.floor((event.clientY - box.top) / box.height * high), 0), high - 1)
        };
      }

      function span(to) {
        return {
          x: Math.min(from.x, to.x), y: Math.min(from.y, to.y),
          width: Math.abs(from.x - to.x) + 1, height: Math.abs(from.y - to.y) + 1
        };
      }

      function shape(rect, mask) {
        ["x", "y", "width", "height"].forEach(function (name) { rect.setAttribute(name, mask[name]); });
      }

      function outline() {
        const rect = document.createElementNS(SVG, "rect");
        rect.setAttribute("class", "drawn");
        return rect;
      }

      picture.addEventListener("pointerdown", function (event) {
        if (event.button !== 0) { return; }
        from = place(event);
        rubber = outline();
        picture.append(rubber);
        picture.setPointerCapture(event.pointerId);
        event.preventDefault();
      });
      picture.addEventListener("pointermove", function (event) {
        if (from) { shape(rubber, span(place(event))); }
      });
      picture.addEventListener("pointercancel", function () {
        if (rubber) { rubber.remove(); }
        from = null;
      });
      picture.addEventListener("pointerup", function (event) {
        if (!from) { return; }
        const mask = span(place(event));
        rubber.remove();
        from = null;
        // A click is no mask.
        if (mask.width === 1 ? mask.height === 1 : false) { return; }
        mask.rects = all(".picture", views).map(function (other) {
          const rect = outline();
          shape(rect, mask);
          other.append(rect);
          return rect;
        });
        drawn.push(mask);
        write();
      });
    });
    return line;
  }

  // ---- pictures as pixels, decoded when somebody asks for them ------------------------------------------------------

  const decoded = new Map();

  function pixels(id) {
    if (!decoded.has(id)) {
      const image = new Image();
      image.src = document.getElementById(id).getAttribute("href");
      decoded.set(id, image.decode().then(function () {
        const canvas = document.createElement("canvas");
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        const context = canvas.getContext("2d", {willReadFrequently: true, colorSpace: "srgb"});
        context.drawImage(image, 0, 0);
        return {
          canvas: canvas,
          width: canvas.width,
          height: canvas.height,
          data: context.getImageData(0, 0, canvas.width, canvas.height).data
        };
      }));
      // A few are enough: each is four bytes a pixel.
      if (decoded.size > 6) {
        decoded.delete(decoded.keys().next().value);
      }
    }
    return decoded.get(id);
  }

  function layer(figure, index) {
    const use = figure ? figure.querySelector(".picture .layer" + index) : null;
    return use ? use.getAttribute("href").slice(1) : null;
  }

  function at(picture, x, y) {
    if (x >= picture.width) { return null; }
    if (y >= picture.height) { return null; }
    const i = (y * picture.width + x) * 4;
    return (picture.data[i] * 65536 + picture.data[i + 1] * 256 + picture.data[i + 2]);
  }

  function hex(value) {
    return value === null ? "outside" : "#" + value.toString(16).toUpperCase().padStart(6, "0");
  }

  // ---- one probe for each snapshot ----------------------------------------------------------------------------------

  all(".views").forEach(function (views) {
    const figures = all(".view", views);
    const expectedId = layer(views.querySelector(".view.expected"), 0);
    const actualId = layer(views.querySelector(".view.actual"), 0);
    const marks = [];
    const first = views.closest(".snapshot").querySelector(".cutout .here");
    let x = first ? Number(first.getAttribute("x")) : 0;
    let y = first ? Number(first.getAttribute("y")) : 0;
    let scale = 0;

    const probe = document.createElement("div");
    probe.className = "probe idle";
    const lenses = [expectedId, actualId].map(function () {
      const lens = document.createElement("canvas");
      lens.width = (2 * RADIUS_X + 1) * 8;
      lens.height = (2 * RADIUS_Y + 1) * 8;
      lens.setAttribute("aria-hidden", "true");
      return lens;
    });
    const values = document.createElement("output");
    values.className = "values";
    values.textContent = "Point at a picture, or focus one and use the arrow keys, for the values of its pixels.";
    if (expectedId) { probe.append(lenses[0]); }
    probe.append(lenses[1], values);
    views.after(probe);
    if (views.closest(".snapshot").dataset.label) { probe.after(masking(views)); }

    function draw(lens, picture) {
      const context = lens.getContext("2d");
      context.imageSmoothingEnabled = false;
      context.fillStyle = "#000";
      context.fillRect(0, 0, lens.width, lens.height);
      context.drawImage(picture.canvas, x - RADIUS_X, y - RADIUS_Y, 2 * RADIUS_X + 1, 2 * RADIUS_Y + 1,
        0, 0, lens.width, lens.height);
      context.strokeStyle = "#f0f";
      context.lineWidth = 2;
      context.strokeRect(RADIUS_X * 8 - 1, RADIUS_Y * 8 - 1, 10, 10);
    }

    function both() {
      return Promise.all([pixels(expectedId || actualId), pixels(actualId)]);
    }

    function show() {
      return both().then(function (pair) {
        const wide = Math.max(pair[0].width, pair[1].width);
        const high = Math.max(pair[0].height, pair[1].height);
        x = Math.min(Math.max(x, 0), wide - 1);
        y = Math.min(Math.max(y, 0), high - 1);
        probe.classList.remove("idle");
        if (expectedId) { draw(lenses[0], pair[0]); }
        draw(lenses[1], pair[1]);
        const was = at(pair[0], x, y);
        const is = at(pair[1], x, y);
        values.textContent = expectedId
          ? "(" + x + ", " + y + ")  expected " + hex(was) + "  actual " + hex(is) + (was === is ? "  same" : "  DIFFERENT")
          : "(" + x + ", " + y + ")  " + hex(is);
        marks.forEach(function (mark) {
          mark.setAttribute("x", x);
          mark.setAttribute("y", y);
          mark.setAttribute("visibility", "visible");
        });
      });
    }

    function seek(step) {
      return both().then(function (pair) {
        const wide = Math.max(pair[0].width, pair[1].width);
        const count = wide * Math.max(pair[0].height, pair[1].height);
        for (let i = y * wide + x + step, seen = 1; count > seen; i += step, seen++) {
          i = (i + count) % count;
          if (at(pair[0], i % wide, Math.floor(i / wide)) !== at(pair[1], i % wide, Math.floor(i / wide))) {
            x = i % wide;
            y = Math.floor(i / wide);
            break;
          }
        }
        return show();
      });
    }

    function zoom(factor) {
      figures.forEach(function (figure) {
        const picture = figure.querySelector(".picture");
        const stage = picture.parentNode;
        if (factor === 0) {
          picture.style.width = "";
          picture.style.maxWidth = "";
          return;
        }
        if (figure.offsetParent === null) { return; }
        const natural = picture.viewBox.baseVal.width;
        const now = picture.getBoundingClientRect().width / natural;
        scale = factor > 1 ? Math.floor(now) + 1 : Math.max(1, Math.ceil(now) - 1);
        scale = Math.min(scale, 16);
        picture.style.maxWidth = "none";
        picture.style.width = scale * natural + "px";
        stage.scrollLeft = (x + 0.5) * scale - stage.clientWidth / 2;
        stage.scrollTop = (y + 0.5) * scale - stage.clientHeight / 2;
      });
    }

    views.probe = {seek: seek, zoom: zoom};

    figures.forEach(function (figure) {
      const stage = figure.querySelector(".stage");
      const picture = figure.querySelector(".picture");
      stage.tabIndex = 0;
      stage.setAttribute("role", "group");
      stage.setAttribute("aria-label", picture.getAttribute("aria-label") + ". Arrow keys read pixels.");
      const mark = document.createElementNS(SVG, "rect");
      mark.setAttribute("class", "crosshair");
      mark.setAttribute("width", 1);
      mark.setAttribute("height", 1);
      mark.setAttribute("visibility", "hidden");
      picture.append(mark);
      marks.push(mark);
      picture.addEventListener("pointermove", function (event) {
        const box = picture.getBoundingClientRect();
        x = Math.floor((event.clientX - box.left) / box.width * picture.viewBox.baseVal.width);
        y = Math.floor((event.clientY - box.top) / box.height * picture.viewBox.baseVal.height);
        show();
      });
      stage.addEventListener("keydown", function (event) {
        if (event.ctrlKey || event.metaKey || event.altKey) { return; }
        const step = event.shiftKey ? 10 : 1;
        const moves = {ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step]};
        if (moves[event.key]) {
          x += moves[event.key][0];
          y += moves[event.key][1];
          show();
          event.preventDefault();
        } else if (event.key === "n" || event.key === "p") {
          seek(event.key === "n" ? 1 : -1);
          event.preventDefault();
        }
      });
    });
  });

  all(".onion-level").forEach(function (slider) {
    slider.addEventListener("input", function () {
      slider.parentNode.querySelector(".views").style.setProperty("--level", slider.value / 100);
    });
  });

  // ---- keys for the whole page --------------------------------------------------------------------------------------

  const failures = all("section.snapshot.fail, section.divergence, .recording.fail");

  function current() {
    const focused = document.activeElement.closest(".snapshot");
    if (focused) { return focused; }
    return all(".snapshot").find(function (snapshot) {
      const box = snapshot.getBoundingClientRect();
      return box.height > 0 ? box.bottom > innerHeight / 4 : false;
    });
  }

  function go(step) {
    const here = document.activeElement.closest("section.snapshot.fail, section.divergence, .recording.fail");
    let index = failures.indexOf(here);
    index = here ? index + step : step > 0 ? 0 : failures.length - 1;
    const next = failures[(index + failures.length) % failures.length];
    if (next) {
      next.tabIndex = -1;
      next.focus({preventScroll: true});
      next.scrollIntoView({block: "start"});
    }
  }

  function pick(snapshot, view) {
    const radio = snapshot ? snapshot.querySelector(".compare > ." + view) : null;
    if (radio) {
      radio.checked = true;
    }
    return radio;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) { return; }
    const snapshot = current();
    const views = snapshot ? snapshot.querySelector(".views") : null;
    const names = ["side", "expected", "actual", "diff", "onion"];
    if (event.key === "j") {
      go(1);
    } else if (event.key === "k") {
      go(-1);
    } else if (names[event.key - 1]) {
      pick(snapshot, names[event.key - 1]);
    } else if (event.key === "f") {
      const expected = snapshot ? snapshot.querySelector(".compare > .expected") : null;
      pick(snapshot, expected ? expected.checked ? "actual" : "expected" : "expected");
    } else if (event.key === "m") {
      const masks = snapshot ? snapshot.querySelector(".compare > .masked") : null;
      if (masks) { masks.checked = !masks.checked; }
    } else if (event.key === "+" || event.key === "=" || event.key === "-" || event.key === "0") {
      if (views) { views.probe.zoom(event.key === "0" ? 0 : event.key === "-" ? 0.5 : 2); }
    } else if (event.key === "?") {
      const help = document.getElementById("help");
      help.open = true;
      help.scrollIntoView();
      help.querySelector("summary").focus();
    } else {
      return;
    }
    event.preventDefault();
  });
});
