package org.rafiq.app.screens

import android.view.View
import org.rafiq.app.look.AskFirst
import org.rafiq.app.look.Field
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.SideButton
import org.rafiq.app.look.Type
import org.rafiq.app.look.Writing
import org.rafiq.app.look.quiet
import org.rafiq.app.look.row
import org.rafiq.presenters.SyncEvent
import org.rafiq.presenters.SyncPresenter
import org.rafiq.presenters.Word

/** How exchanging stands. */
fun syncScreen(way: Way, presenter: SyncPresenter): View {
    lateinit var relay: Field
    fun setRelay() {
        presenter.on(SyncEvent.SetRelay(relay.text))
    }
    relay = Field(way.look, way[Word.RELAY_ADDRESS], writing = Writing.ADDRESS, submit = ::setRelay)
    val save = SideButton(way.look, way[Word.SAVE], Pictogram.DONE, ::setRelay)
    fun sayWhetherToSave() {
        save.isEnabled = relay.text != presenter.state.now()?.relay
    }
    relay.changed = { sayWhetherToSave() }
    return way.screen(presenter.state, way[Word.EXCHANGE_TITLE], again = { presenter.on(SyncEvent.Refresh) }) { content ->
        relay.fill(content.relay)
        sayWhetherToSave()
        show(
            way[Word.EXCHANGE_TITLE], content.remark, content.notice, { presenter.on(SyncEvent.Dismiss) },
            main = {
                if (content.running) busy(way[Word.EXCHANGING]) else main(way[Word.EXCHANGE_NOW]) { presenter.on(SyncEvent.ExchangeNow) }
            },
        ) {
            val standing = listOfNotNull(content.waiting, content.bytes)
            card(Triple(content.last, standing, content.waitingFor)) {
                put(look.row(content.last, standing))
                content.waitingFor.forEach { put(look.quiet(it, Pictogram.PHONE)) }
            }
            near { content.progress.forEach { text(it, Type.SMALL) } }
            content.unmetered?.let { quiet(it, Pictogram.EXCHANGE) }
            if (content.metered.isNotEmpty()) choices(content.metered, under = way[Word.METERED_ASK]) { presenter.on(SyncEvent.SetMetered(it)) }
            content.noRelay?.let { quiet(it, Pictogram.EXCHANGE) }
            part(way[Word.RELAY]) {
                text(way[Word.RELAY_ABOUT], Type.SMALL)
                kept(relay)
                piece("save", null, wide = false) { save }
            }
            if (content.work.isNotEmpty() || content.held.isNotEmpty() || content.unread.isNotEmpty()) {
                part(way[Word.HELD_TITLE]) {
                    content.work.forEach { row ->
                        card(row) {
                            put(look.row(row.text, listOf(row.title, row.at)))
                            put(look.text(row.about, Type.SMALL))
                            if (row.canKeep) {
                                put(AskFirst(look, way[Word.KEEP], way[Word.KEEP_ASK], way[Word.KEEP], row.text) {
                                    presenter.on(SyncEvent.Keep(row.space, row.person))
                                })
                            }
                        }
                    }
                    content.unread.forEach { quiet(it, Pictogram.ALERT) }
                    rows(content.held) { look.row(it.text, listOf(it.at, it.reason)) }
                }
            }
        }
    }
}
