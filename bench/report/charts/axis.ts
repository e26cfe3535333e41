import type { Frame } from './chart.ts'
import { GRID, INK_SOFT } from './palette.ts'

/** Text of a chart is as large on a phone as on a desk. */
export const FONT_PX = 12
export const FONT = 'system-ui, sans-serif'

const label = { color: INK_SOFT, fontSize: FONT_PX, fontFamily: FONT }

/** An axis of figures, with a grid one can follow and a name that carries the unit. */
export function figureAxis(name: string) {
  return {
    type: 'value' as const,
    name,
    nameLocation: 'middle' as const,
    nameGap: 28,
    nameTextStyle: label,
    axisLabel: label,
    axisLine: { show: true, lineStyle: { color: INK_SOFT } },
    splitLine: { lineStyle: { color: GRID } },
  }
}

/** Room for the longest name beside the axis, px: at this size a character is 7 px wide at most. */
export function nameRoomPx(names: readonly string[]): number {
  return Math.max(66, 14 + 7 * Math.max(0, ...names.map(({ length }) => length)))
}

/** An axis of names, read from top to bottom. */
export function nameAxis(names: readonly string[]) {
  return {
    type: 'category' as const,
    data: [...names],
    inverse: true,
    axisLabel: { ...label, interval: 0 },
    axisLine: { lineStyle: { color: INK_SOFT } },
    axisTick: { show: false },
  }
}

const LEGEND_MARK_PX = 27
const LEGEND_LINE_PX = 14

/** Without a browser ECharts underestimates text: the gap keeps neighbours apart. */
function legendGapPx({ narrow }: Frame): number {
  return narrow ? 16 : 26
}

/** Where a plot begins that lies beneath a legend of these names, px: it takes as many lines as it needs. */
export function belowLegendPx(names: readonly string[], frame: Frame): number {
  const gap = legendGapPx(frame)
  let lines = 1
  let used = 0
  for (const { length } of names) {
    const width = LEGEND_MARK_PX + 7 * length + gap
    if (used > 0 && used + width > frame.width - 10 + gap) {
      lines += 1
      used = 0
    }
    used += width
  }
  return 36 + (lines - 1) * (LEGEND_LINE_PX + gap)
}

/** What every chart has in common. */
export function canvas(frame: Frame) {
  return {
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: FONT_PX },
    legend: {
      top: 0,
      left: 0,
      width: frame.width - 10,
      itemGap: legendGapPx(frame),
      itemWidth: 22,
      itemHeight: 11,
      textStyle: label,
    },
  }
}
