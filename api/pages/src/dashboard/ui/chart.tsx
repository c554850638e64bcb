// A chart of figures, and what its colours mean. The library comes when the first chart is shown.
import { useEffect, useRef, useState } from 'preact/hooks'
import { count, t } from '../core/i18n'
import type { Figures } from '../core/figures'
import { useStore } from '../core/store'

type Draw = typeof import('../core/draw')

interface Properties {
  kind: 'ranked' | 'stacked' | 'grouped'
  title: string
  measure: string
  figures: Figures
}

/** Two lines of Burmese are taller than two of others. */
const heightOf = (kind: Properties['kind'], rows: number, language: string) => (kind === 'ranked' ? Math.max(120, rows * (language === 'my' ? 46 : 38) + 16) : 280)

export function BarChart({ kind, title, measure, figures }: Properties) {
  const { language } = useStore()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [tool, setTool] = useState<Draw | null>(null)
  const [look, again] = useState(0)
  useEffect(() => void import('../core/draw').then((loaded) => setTool(() => loaded as Draw)), [])
  useEffect(() => {
    const asked = [matchMedia('(prefers-color-scheme: dark)'), matchMedia('print'), matchMedia('(max-width: 600px)')]
    const listener = () => again((times) => times + 1)
    for (const one of asked) one.addEventListener('change', listener)
    return () => asked.forEach((one) => one.removeEventListener('change', listener))
  }, [])
  useEffect(() => {
    if (!tool || !canvas.current) return
    const words = { count, suppressed: t('suppressed'), atLeast: (value: number) => t('atLeast', { value: count(value) }), measure }
    const chart = tool.draw(canvas.current, kind, figures, words, language)
    canvas.current.dataset.drawn = String(figures.rows.length)
    return () => chart.destroy()
  }, [tool, figures, language, look, kind, measure])
  return (
    <div class="chart">
      {figures.series.length > 0 && (
        <ul class="legend" aria-hidden="true">
          {figures.series.map((name, place) => (
            <li key={name} class={`series-${(place % 6) + 1}`}>
              {name}
            </li>
          ))}
        </ul>
      )}
      <div class="canvas" role="img" aria-label={t('chart.name', { title })} ref={(box) => box && (box.style.height = `${heightOf(kind, figures.rows.length, language)}px`)}>
        <canvas ref={canvas} />
      </div>
    </div>
  )
}
