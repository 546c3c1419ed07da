package org.rafiq.app.screens

import android.view.View
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import org.rafiq.app.look.AskFirst
import org.rafiq.app.look.Field
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.SideButton
import org.rafiq.app.look.Stack
import org.rafiq.app.look.Type
import org.rafiq.app.look.Writing
import org.rafiq.app.look.row
import org.rafiq.presenters.Place
import org.rafiq.presenters.ProfileEvent
import org.rafiq.presenters.ProfilePresenter
import org.rafiq.presenters.Word

/** Oneself, and this phone. */
fun profileScreen(way: Way, presenter: ProfilePresenter): View {
    val name = Field(way.look, way[Word.NAME], way[Word.NAME_ABOUT], writing = Writing.NAME)
    val rename = SideButton(way.look, way[Word.RENAME], Pictogram.DONE) { presenter.on(ProfileEvent.Rename(name.text)) }
    fun sayWhetherToRename() {
        rename.isEnabled = name.text.isNotBlank() && name.text != presenter.state.now()?.name
    }
    name.changed = { sayWhetherToRename() }
    return way.screen(presenter.state, way[Word.PROFILE], again = { presenter.on(ProfileEvent.Dismiss) }) { content ->
        name.fill(content.name)
        sayWhetherToRename()
        show(
            way[Word.PROFILE], content.remark, content.notice, { presenter.on(ProfileEvent.Dismiss) },
            main = { if (content.hasPassphrase) main(way[Word.LOCK]) { presenter.on(ProfileEvent.Lock) } },
        ) {
            near {
                kept(name)
                piece("rename", null, wide = false) { rename }
            }
            languages(content.languages, way[Word.LANGUAGE]) { presenter.on(ProfileEvent.ChooseLanguage(it)) }
            choices(content.calendars, way[Word.CALENDAR]) { presenter.on(ProfileEvent.ChooseCalendar(it)) }
            card("kit") { put(look.row(way[Word.KIT]) { way.open(Place.Kit) }) }
            card("exchange") { put(look.row(way[Word.EXCHANGE_TITLE]) { way.open(Place.Sync) }) }
            part(way[Word.PASSPHRASE]) {
                text(content.protection)
                if (content.busy) busy(way[Word.LOADING])
                foldout(way[Word.PASSPHRASE_CHANGE], Pictogram.LOCK) { close ->
                    passphraseForm(way, presenter.state.now()?.hasPassphrase == true) {
                        presenter.on(it)
                        close()
                    }
                }
            }
            piece("wipe", null) {
                AskFirst(look, way[Word.WIPE], way[Word.WIPE_ASK], way[Word.WIPE_YES]) { presenter.on(ProfileEvent.Wipe(confirmed = true)) }
            }
        }
    }
}

/** The passphrase until now, and the new one twice; an empty one takes it away. */
private fun Stack.passphraseForm(way: Way, hasPassphrase: Boolean, send: (ProfileEvent) -> Unit) {
    val old = Field(look, way[Word.PASSPHRASE_OLD], writing = Writing.SECRET)
    val new = Field(look, way[Word.PASSPHRASE_NEW], writing = Writing.SECRET)
    val again = Field(look, way[Word.PASSPHRASE_AGAIN], writing = Writing.SECRET)
    val save = SideButton(look, way[Word.SAVE], Pictogram.DONE) { send(ProfileEvent.ChangePassphrase(old.text, new.text, again.text)) }
    fun sayWhetherToSave() {
        save.isEnabled = if (hasPassphrase) old.text.isNotEmpty() else new.text.isNotEmpty()
    }
    old.changed = { sayWhetherToSave() }
    new.changed = { sayWhetherToSave() }
    sayWhetherToSave()
    put(look.text(way[Word.PROTECTION_ABOUT], Type.SMALL))
    if (hasPassphrase) put(old)
    put(new)
    put(again)
    put(save, WRAP_CONTENT)
}
