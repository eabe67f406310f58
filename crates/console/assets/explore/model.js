// The graph of Explore, as a panel of a dashboard would be.

export const MODEL = {
  type: "timeseries",
  options: { legend: { showLegend: true, displayMode: "table", placement: "bottom", calcs: ["lastNotNull", "max"] }, tooltip: { mode: "multi", sort: "desc" } },
  fieldConfig: {
    defaults: {
      unit: "short", decimals: null, min: null, max: null,
      color: { mode: "palette-classic" },
      thresholds: { mode: "absolute", steps: [] },
      custom: {
        drawStyle: "line", lineInterpolation: "linear", lineWidth: 1.5, lineStyle: { fill: "solid", dash: [] }, fillOpacity: 0, showPoints: "auto",
        stacking: { mode: "none", group: "A" }, thresholdsStyle: { mode: "off" }, axisPlacement: "auto", axisLabel: "",
        axisSoftMin: null, axisSoftMax: null, hideFrom: { legend: false, tooltip: false, viz: false },
      },
    },
    overrides: [],
  },
};
