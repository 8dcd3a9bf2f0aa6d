/** Small line icons; always beside a word or on a named control, hence hidden from readers. */
const SHAPES = {
  check: "M5 12.5l4.5 4.5L19 7.5",
  alert: "M12 3.5l9.5 16.5h-19zM12 10v4.5M12 17.2v.3",
  next: "M6 9l6 7 6-7z",
  open: "M12 6a6 6 0 1 0 0 12a6 6 0 1 0 0-12",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17M12 7.5V12l3 2",
  refresh: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 3.5v4.2h-4.2",
  chevron: "M7 10l5 5 5-5",
  away: "M4 4l16 16M8.5 15.5a5 5 0 0 1 7 0M5.5 11.8a9.5 9.5 0 0 1 4-2.3M14.8 9.6a9.5 9.5 0 0 1 3.7 2.2M12 19.2v.2",
  cross: "M6 6l12 12M18 6L6 18",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
