// Bars by Chart.js, of which only what bars need is taken. A chart has the colours of the page, and no numbers of its own:
// the table beside it has the same.
import { BarController, BarElement, CategoryScale, Chart, type ChartConfiguration, LinearScale, type Plugin, Tooltip } from 'chart.js'
import type { Figures } from './figures'

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip)

export interface Words {
  count: (value: number) => string
  suppressed: string
  atLeast: (value: number) => string
  measure: string
}

/** Colour of a series, by its place. */
export const COLOURS = 6

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
export const colourOf = (series: number) => colour(`series-${(series % COLOURS) + 1}`)

/** Slanting lines: there is something, and it may not be told. */
function hatch(): CanvasPattern | string {
  const tile = document.createElement('canvas')
  tile.width = tile.height = 8
  const pen = tile.getContext('2d')
  if (!pen) return colour('quiet')
  pen.fillStyle = colour('panel')
  pen.fillRect(0, 0, 8, 8)
  pen.strokeStyle = colour('quiet')
  pen.lineWidth = 1.5
  for (const [x, y] of [[-4, 4], [0, 8], [4, 12]] as const) {
    pen.beginPath()
    pen.moveTo(x, y)
    pen.lineTo(x + 8, y - 8)
    pen.stroke()
  }
  return pen.createPattern(tile, 'repeat') ?? colour('quiet')
}

/** A long name on two lines at most; words are found in languages that write no spaces, too. */
export function wrap(text: string, most: number, language: string): string | string[] {
  if (text.length <= most) return text
  const lines = ['']
  for (const { segment } of new Intl.Segmenter(language, { granularity: 'word' }).segment(text)) {
    const last = lines.at(-1) ?? ''
    if ((last + segment).trimEnd().length > most && last) {
      if (lines.length === 2) {
        lines[1] = `${last.trimEnd()}…`
        break
      }
      lines.push(segment.trimStart())
    } else lines[lines.length - 1] = last + segment
  }
  return lines.map((line) => line.trim())
}

const said = (figures: Figures, words: Words, row: number, series: number) => {
  const cell = figures.rows[row]?.cells[series]
  if (!cell) return ''
  if (cell.suppressed) return cell.atLeast > 0 ? words.atLeast(cell.atLeast) : words.suppressed
  return words.count(cell.count ?? 0)
}

/** The numbers at the ends of lying bars. */
const ends = (figures: Figures, words: Words): Plugin<'bar'> => ({
  id: 'ends',
  afterDatasetsDraw(chart) {
    const pen = chart.ctx
    pen.save()
    pen.fillStyle = colour('ink')
    pen.font = font(13)
    pen.textBaseline = 'middle'
    const meta = chart.getDatasetMeta(chart.data.datasets.length - 1)
    meta.data.forEach((bar, row) => pen.fillText(said(figures, words, row, 0), bar.x + 6, bar.y))
    pen.restore()
  },
})

const font = (size: number) => `${size}px ${getComputedStyle(document.body).fontFamily}`

export function draw(canvas: HTMLCanvasElement, kind: 'ranked' | 'stacked' | 'grouped', figures: Figures, words: Words, language: string): Chart {
  const lying = kind === 'ranked'
  const narrow = canvas.parentElement!.clientWidth < 480
  const biggest = Math.max(1, ...figures.rows.flatMap((row) => row.cells.map((cell) => cell.atLeast)))
  const names = figures.series.length > 0 ? figures.series : [words.measure]
  const data = names.map((name, series) => ({
    label: name,
    data: figures.rows.map((row) => row.cells[series]?.atLeast ?? 0),
    backgroundColor: colourOf(series),
    borderColor: colour('panel'),
    borderWidth: kind === 'stacked' ? { top: 1 } : 0,
    maxBarThickness: lying ? 22 : 64,
    categoryPercentage: 0.82,
    barPercentage: lying ? 0.85 : 0.95,
  }))
  // After what may be told: a length that says nothing but “there is more, and it may not be told”.
  const hidden = figures.rows.map((row) => (row.cells[0]?.suppressed ? biggest * 0.08 : 0))
  const more = lying && hidden.some((value) => value > 0)
  if (more) data.push({ ...data[0]!, label: words.suppressed, data: hidden, backgroundColor: hatch() as string, borderColor: colour('quiet'), borderWidth: 1 as never })
  const ink = colour('quiet')
  const labels = figures.rows.map((row) => (lying ? wrap(row.label, narrow ? 18 : 26, language) : wrap(row.label, 8, language)))
  const numbers = {
    beginAtZero: true,
    grace: lying ? '18%' : '5%',
    ticks: { color: ink, precision: 0, maxTicksLimit: 5, font: { size: 12 } },
    border: { display: false },
    grid: { color: colour('edge'), drawTicks: false },
    title: { display: false },
  }
  const categories = {
    ticks: { color: colour('ink'), autoSkip: !lying, maxRotation: 0, font: { size: 13 } },
    grid: { display: false },
    border: { color: colour('edge') },
  }
  const stacked = kind === 'stacked' || more
  const configuration: ChartConfiguration<'bar'> = {
    type: 'bar',
    data: { labels, datasets: data },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      indexAxis: lying ? 'y' : 'x',
      layout: { padding: { right: lying ? 8 : 0, top: 8 } },
      interaction: { mode: 'index', axis: lying ? 'y' : 'x', intersect: false },
      font: { family: getComputedStyle(document.body).fontFamily },
      scales: {
        x: { ...(lying ? { ...numbers, display: false } : categories), stacked },
        y: { ...(lying ? categories : numbers), stacked },
      },
      plugins: {
        tooltip: {
          backgroundColor: colour('ink'),
          titleColor: colour('panel'),
          bodyColor: colour('panel'),
          padding: 10,
          boxPadding: 4,
          filter: (item) => item.datasetIndex < names.length,
          callbacks: {
            title: (items) => figures.rows[items[0]?.dataIndex ?? 0]?.label ?? '',
            label: (item) => ` ${item.dataset.label}: ${said(figures, words, item.dataIndex, item.datasetIndex)}`,
          },
        },
      },
    },
    plugins: lying ? [ends(figures, words)] : [],
  }
  return new Chart(canvas, configuration)
}
