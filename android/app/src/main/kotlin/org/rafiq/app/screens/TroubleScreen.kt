package org.rafiq.app.screens

import android.view.View
import kotlinx.coroutines.launch
import org.rafiq.app.look.Field
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Writing
import org.rafiq.app.look.quiet
import org.rafiq.presenters.AppEvent
import org.rafiq.presenters.AppPresenter
import org.rafiq.presenters.Where
import org.rafiq.presenters.Word

/** The profile cannot be opened: why, and what can be done. */
fun troubleScreen(way: Way, app: AppPresenter): View {
    val page = way.page()
    val passphrase = Field(way.look, way[Word.PASSPHRASE], writing = Writing.SECRET)
    way.scope.launch {
        app.state.collect {
            val content = app.state.now() ?: return@collect
            val (sentence, damaged) = trouble(content.at) ?: return@collect
            page.show(
                way[Word.TROUBLE_TITLE], content.words.remark, content.notice, { app.on(AppEvent.Dismiss) },
                main = { main(way[Word.TRY_AGAIN]) { app.on(AppEvent.Start) } },
            ) {
                card(sentence) { put(look.quiet(sentence, Pictogram.ALERT)) }
                if (damaged != null) {
                    text(way[Word.SET_ASIDE_ABOUT])
                    if (damaged.needsPassphrase) kept(passphrase)
                    button(way[Word.SET_ASIDE]) { app.on(AppEvent.SetAside(passphrase.text.ifEmpty { null })) }
                }
            }
        }
    }
    return page
}

private fun trouble(at: Where): Pair<String, Where.Damaged?>? = when (at) {
    is Where.Damaged -> at.sentence to at
    is Where.KeyLost -> at.sentence to null
    is Where.NewerVersion -> at.sentence to null
    is Where.InUse -> at.sentence to null
    Where.SetUp, Where.Locked, is Where.Open -> null
}
