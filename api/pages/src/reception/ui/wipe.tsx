// Taking everything off the device, with what that costs.
import { useState } from 'preact/hooks'
import { t } from '../core/i18n'
import { wipe } from '../core/session'
import { say, useStore } from '../core/store'
import { Dialog } from './dialog'

export function Wipe({ close }: { close: () => void }) {
  const { unsent } = useStore()
  const [sure, setSure] = useState(false)

  async function go() {
    await wipe()
    say(t('wipe.done'))
    close()
  }

  return (
    <Dialog title={t('wipe.title')} close={close}>
      <p>{t('wipe.what')}</p>
      {unsent > 0 ? (
        <>
          <p class="warn">
            <strong>{t('wipe.unsent', { count: unsent })}</strong>
          </p>
          <label class="check">
            <input id="wipe-sure" type="checkbox" checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} />
            {t('wipe.sure', { count: unsent })}
          </label>
        </>
      ) : (
        <p>{t('wipe.nothing')}</p>
      )}
      <div class="buttons">
        <button type="button" id="wipe-now" class="danger" disabled={unsent > 0 && !sure} onClick={go}>
          {t('wipe')}
        </button>
        <button type="button" onClick={close}>
          {t('cancel')}
        </button>
      </div>
    </Dialog>
  )
}
