package org.rafiq.app.screens

import android.view.View
import org.rafiq.app.look.Field
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Writing
import org.rafiq.app.look.quiet
import org.rafiq.presenters.UnlockEvent
import org.rafiq.presenters.UnlockPresenter
import org.rafiq.presenters.Word

/** The question for the passphrase. */
fun unlockScreen(way: Way, presenter: UnlockPresenter): View {
    lateinit var passphrase: Field
    fun enter() {
        val written = passphrase.text
        passphrase.text = ""
        presenter.on(UnlockEvent.Enter(written))
    }
    passphrase = Field(way.look, way[Word.PASSPHRASE], writing = Writing.SECRET, submit = ::enter)
    return way.screen(presenter.state, "") { content ->
        fun show() {
            show(
                way[Word.UNLOCK_TITLE], content.remark,
                main = { if (content.busy) busy(way[Word.OPENING]) else main(way[Word.UNLOCK], passphrase.text.isNotEmpty(), ::enter) },
            ) {
                text(content.question)
                kept(passphrase)
                content.wrong?.let { wrong ->
                    piece("wrong", wrong) {
                        look.quiet(wrong, Pictogram.ALERT).apply { accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE }
                    }
                }
            }
        }
        passphrase.changed = { show() }
        show()
    }
}
