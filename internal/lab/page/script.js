"use strict";
(() => {
  const root = document.documentElement;

  // Light or dark follows the system until the button is used.
  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const set = root.style.colorScheme;
    const dark = set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.style.colorScheme = dark ? "light" : "dark";
  });

  // A chooser shows one of the panels with its name.
  for (const chooser of document.querySelectorAll(".chooser")) {
    const name = chooser.dataset.for;
    const panels = [...document.querySelectorAll(`[data-panel^="${name}-"]`)];
    const show = (id) => {
      for (const panel of panels) {
        panel.hidden = panel.dataset.panel !== `${name}-${id}`;
      }
    };
    chooser.hidden = panels.length < 2;
    chooser.addEventListener("change", (event) => show(event.target.value));
    const select = chooser.querySelector("select");
    for (const button of chooser.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        const count = select.options.length;
        select.selectedIndex = (select.selectedIndex + Number(button.dataset.step) + count) % count;
        show(select.value);
      });
    }
    const chosen = select || chooser.querySelector("input:checked");
    if (chosen) {
      show(chosen.value);
    }
  }

  // Returns the last row that is not later than a time. Rows begin with their time.
  const until = (rows, time) => {
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (rows[middle][0] <= time) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return rows[low];
  };

  const place = (things, ballX, ballY, left, right) => {
    things[0].setAttribute("y", left);
    things[1].setAttribute("y", right);
    things[2].setAttribute("x", ballX);
    things[2].setAttribute("y", ballY);
  };

  const ticks = (difference) => {
    const n = Math.abs(difference).toFixed(1);
    return difference < -0.05 ? `${n} ticks behind` : difference > 0.05 ? `${n} ticks ahead` : "now";
  };

  for (const article of document.querySelectorAll(".rally")) {
    const rally = JSON.parse(article.querySelector('script[type="application/json"]').textContent);
    const slider = article.querySelector('input[type="range"]');
    const output = article.querySelector("output");
    const play = article.querySelector(".play");
    const speed = article.querySelector(".speed");
    const seat = article.querySelector(".seat");
    const timelines = [...article.querySelectorAll(".timeline")];
    const begin = Number(timelines[0].dataset.begin);
    const end = Number(timelines[0].dataset.end);
    const fields = [...article.querySelectorAll(".field")].map((svg) => ({
      things: svg.querySelectorAll(".thing"),
      ghosts: svg.querySelectorAll(".ghost"),
      says: svg.parentNode.querySelector(".says"),
    }));
    article.querySelector(".player").hidden = false;

    const draw = () => {
      const seconds = Number(slider.value);
      const now = rally.first + seconds * 60;
      const x = begin + (end - begin) * seconds / Number(slider.max);
      for (const timeline of timelines) {
        const cursor = timeline.querySelector(".cursor");
        cursor.setAttribute("x1", x);
        cursor.setAttribute("x2", x);
      }
      output.textContent = `${seconds.toFixed(2)} s`;
      const truth = until(rally.truth, now);
      place(fields[0].things, ...truth.slice(1));
      for (const ghost of fields[0].ghosts) {
        ghost.style.display = "none";
      }
      fields[0].says.textContent = `tick ${truth[0] - rally.first} of the rally`;
      rally.ways.forEach((sides, way) => {
        const field = fields[1 + way];
        const frames = sides[Number(seat.value)];
        if (!frames || frames.length === 0) {
          return;
        }
        const [, own, remote, ball, shown, ...places] = until(frames, now);
        place(field.things, ...places);
        place(field.ghosts, ...truth.slice(1));
        field.things[2].style.display = shown ? "" : "none";
        field.says.textContent = `own paddle: ${ticks(own - now)}\nball: ${ticks(ball - now)}\nopponent: ${ticks(remote - now)}`;
      });
    };

    let last = 0; // when the last picture was drawn; 0 while nothing plays
    const stop = () => {
      last = 0;
      play.textContent = "▶ Play";
    };
    const step = (time) => {
      if (last === 0) {
        return;
      }
      const seconds = Number(slider.value) + (time - last) / 1000 * Number(speed.value);
      last = time;
      slider.value = seconds;
      draw();
      if (seconds >= Number(slider.max) || article.hidden) {
        stop();
        return;
      }
      requestAnimationFrame(step);
    };
    play.addEventListener("click", () => {
      if (last !== 0) {
        stop();
        return;
      }
      if (Number(slider.value) >= Number(slider.max)) {
        slider.value = 0;
      }
      play.textContent = "❚❚ Pause";
      last = performance.now();
      requestAnimationFrame(step);
    });
    const move = (frames) => {
      slider.value = Number(slider.value) + frames / 60;
      draw();
    };
    for (const button of article.querySelectorAll(".step")) {
      button.addEventListener("click", () => {
        stop();
        move(Number(button.dataset.by));
      });
    }
    seat.addEventListener("change", draw);
    slider.addEventListener("input", draw);
    slider.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 15, PageDown: -15 }[event.key];
      if (by) {
        event.preventDefault();
        move(by);
      }
    });
    for (const timeline of timelines) {
      timeline.addEventListener("click", (event) => {
        const box = timeline.getBoundingClientRect();
        const x = (event.clientX - box.left) / box.width * timeline.viewBox.baseVal.width;
        slider.value = (x - begin) / (end - begin) * Number(slider.max);
        draw();
      });
    }
    draw();
  }
})();
