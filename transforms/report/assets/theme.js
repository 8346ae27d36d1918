/* Light and dark: as the system says, until a reader says otherwise. */
const THEMES = ["system", "light", "dark"];

function addThemeButton() {
  const button = make("button", { type: "button", class: "button", id: "theme" });
  const show = (theme) => {
    button.textContent = `Theme: ${theme}`;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  let current = 0;
  button.addEventListener("click", () => {
    current = (current + 1) % THEMES.length;
    show(THEMES[current]);
  });
  show(THEMES[current]);
  document.querySelector(".brand").append(button);
}

/* The section in sight is told in the contents. */
function followReading() {
  const links = new Map([...document.querySelectorAll(".contents a")].map((a) => [a.hash.slice(1), a]));
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((e) => e.isIntersecting)) {
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(entry.target.id).setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "-20% 0px -75% 0px" },
  );
  for (const name of links.keys()) seen.observe(document.getElementById(name));
}

/* An element with attributes and text; text is never markup. */
function make(tag, attributes = {}, text = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

/* What a screen reader is told after a change. */
function tell(sentence) {
  document.getElementById("told").textContent = sentence;
}
