package org.rafiq.app.screens

import android.view.View
import org.rafiq.app.look.Field
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Type
import org.rafiq.app.look.Writing
import org.rafiq.app.look.quiet
import org.rafiq.presenters.JoinEvent
import org.rafiq.presenters.JoinPresenter
import org.rafiq.presenters.Place
import org.rafiq.presenters.Word

/** Joining with an invitation: scanned or pasted, read, and answered when the person says so. */
fun joinScreen(way: Way, presenter: JoinPresenter): View {
    lateinit var invite: Field
    fun read() {
        presenter.on(JoinEvent.Read(invite.text))
    }
    invite = Field(way.look, way[Word.INVITE_TEXT], lines = 3, writing = Writing.ADDRESS, submit = ::read)
    return way.screen(presenter.state, way[Word.JOIN], again = { presenter.on(JoinEvent.Dismiss) }) { content ->
        fun show() = show(
            way[Word.JOIN], content.remark, content.notice, { presenter.on(JoinEvent.Dismiss) },
            main = {
                when {
                    content.done != null -> main(way[Word.CLOSE]) { way.open(Place.Together) }
                    content.offer != null -> main(way[Word.ACCEPT], content.canAccept) { presenter.on(JoinEvent.Accept) }
                    else -> main(way[Word.NEXT], invite.text.isNotBlank(), ::read)
                }
            },
        ) {
            val (done, offer) = content.done to content.offer
            if (done != null) card(done) {
                put(look.quiet(done, Pictogram.DONE).apply { accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE })
            } else if (offer != null) {
                card(offer to content.relay) {
                    put(look.text(offer, Type.STRONG))
                    content.relay?.let { put(look.text(it, Type.SMALL)) }
                }
                button(way[Word.CANCEL]) {
                    invite.text = ""
                    presenter.on(JoinEvent.Cancel)
                }
            } else {
                if (way.shell.canScan) button(way[Word.SCAN], Pictogram.CODE) {
                    way.shell.scan { found ->
                        invite.text = found
                        read()
                    }
                } else quiet(way.look.labels.platform("platform-camera-refused"), Pictogram.CODE)
                kept(invite)
            }
        }
        invite.fill(content.text)
        invite.changed = { show() }
        show()
    }
}
