package org.rafiq.app.looking

import android.app.Activity
import android.graphics.Bitmap
import android.os.Looper
import android.view.View
import android.view.ViewGroup
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.widget.EditText
import android.widget.ScrollView
import android.widget.TextView
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import org.rafiq.HostClock
import org.rafiq.KeyVault
import org.rafiq.app.look.Look
import org.rafiq.app.look.Palette
import org.rafiq.app.platform.mainThread
import org.rafiq.app.screens.AppView
import org.rafiq.app.screens.ShellActions
import org.rafiq.app.screens.Way
import org.rafiq.presenters.AppEvent
import org.rafiq.presenters.AppPresenter
import org.rafiq.presenters.Host
import org.rafiq.presenters.Navigator
import org.rafiq.presenters.Place
import org.rafiq.presenters.Session
import org.rafiq.presenters.TestVault
import org.rafiq.presenters.UiState
import org.rafiq.presenters.Where
import org.rafiq.presenters.Word
import org.rafiq.presenters.Words
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import java.io.File
import java.time.Duration

/** The whole app in a window, over the real library, as a finger and an eye meet it. */
class Screens(folder: File, language: String, vault: KeyVault = TestVault()) : AutoCloseable {
    private val scope = CoroutineScope(mainThread + SupervisorJob())
    private val clock = object : HostClock {
        override fun nowMs(): Long = Day.EVENING_MS
    }
    private val shell = object : ShellActions {
        override val canScan = true
        override fun scan(found: (String) -> Unit) = Unit
        override fun copy(text: String) = Unit
        override fun share(text: String) = Unit
    }
    private val app = AppPresenter(Host(folder, vault, { language }, { "Europe/Berlin" }, clock), scope)
    private var window: ActivityController<Activity>? = null

    /** What is in the window. */
    lateinit var view: AppView
        private set

    /** The profile that is open. */
    val session: Session get() = ((app.state.value as UiState.Content).content.at as Where.Open).session

    /** The words that the app speaks now. */
    val words: Words get() = (app.state.value as UiState.Content).content.words

    init {
        app.on(AppEvent.Start)
        at()
        wait("the app") { app.state.value as? UiState.Content }
    }

    /** A new window in the phone's settings of this moment, at a place and what lies under it. */
    fun at(vararg places: Place) {
        shut()
        val made = Robolectric.buildActivity(Activity::class.java).setup()
        window = made
        view = AppView(made.get(), app, shell)
        if (places.isNotEmpty()) view.resumeAt(Navigator(places.toList()))
        made.get().setContentView(view, ViewGroup.LayoutParams(MATCH_PARENT, MATCH_PARENT))
    }

    /** A window with one screen alone, over a presenter that was made for it; what its app shows lies beneath. */
    fun screen(make: (Way, CoroutineScope) -> View) {
        at()
        rest()
        view.removeAllViews()
        view.addView(make(Way(Look(view.context, words), scope, shell, {}, {}), scope), MATCH_PARENT, MATCH_PARENT)
    }

    /** Waits until the window holds what is asked for. */
    fun <T : Any> wait(what: String, find: () -> T?): T {
        repeat(MOST_LOOKS) {
            settle()
            find()?.let { return it }
            Thread.sleep(5)
        }
        error("$what does not come; there is: " + texts().map { it.text })
    }

    /** Waits until nothing changes any more, and nothing is being loaded. */
    fun rest() {
        var before = emptyList<Pair<String, Boolean>>()
        val busy = setOf(words[Word.LOADING], words[Word.OPENING])
        wait("rest") {
            val now = texts().map { it.text.toString() to it.isEnabled }
            val rests = now.isNotEmpty() && now == before && now.none { (text, _) -> text in busy }
            before = now
            Unit.takeIf { rests }
        }
    }

    /** Lets pass what is due, and a few frames in which it is laid out. */
    private fun settle() = shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(100))

    /** Every view that can be seen. */
    fun all(): List<View> = Audit.seen(view)

    /** Every view of words that can be seen. */
    fun texts(): List<TextView> = all().filterIsInstance<TextView>()

    /** Waits for words. */
    fun words(text: String): TextView = wait(text) { texts().find { it.text.toString() == text } }

    /** Touches what holds these words. */
    fun tap(text: String) = touch(words(text))

    /** Touches what holds this word. */
    fun tap(word: Word) = tap(words[word])

    /** Touches a view, or what it stands in. */
    fun touch(view: View) {
        var touched: View? = view
        while (touched != null && !touched.hasOnClickListeners()) touched = touched.parent as? View
        check(touched?.isEnabled == true) { "it cannot be touched: $view" }
        touched.performClick()
        settle()
    }

    /** The nth field. */
    fun field(at: Int = 0): EditText = wait("a field") { all().filterIsInstance<EditText>().getOrNull(at) }

    /** What was missed in the window. */
    fun audit(): List<Finding> = Audit(view, paper).findings()

    /** Paints the window. */
    fun paint() = Audit.painted(view, paper)

    /** Paints all of what is scrolled through, where the window does not show all of it. */
    fun page(): Bitmap? {
        val scroll = all().filterIsInstance<ScrollView>().firstOrNull() ?: return null
        return scroll.getChildAt(0).takeIf { it.height > scroll.height }?.let { Audit.painted(it, paper) }
    }

    private val paper: Int get() = Look(view.context, null).colour(Palette.paper)

    private fun shut() {
        window?.pause()?.stop()?.destroy()
    }

    override fun close() {
        shut()
        ((app.state.value as? UiState.Content)?.content?.at as? Where.Open)?.session?.rafiq?.close()
        scope.cancel()
    }

    private companion object {
        /** Far more than a slow machine needs. */
        const val MOST_LOOKS = 6000
    }
}
