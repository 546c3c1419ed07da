package org.rafiq.app.screens

import android.content.Context
import android.content.res.Configuration
import android.view.View
import android.view.ViewGroup
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.view.WindowInsets
import android.widget.EditText
import android.widget.FrameLayout
import android.widget.LinearLayout
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.rafiq.Language
import org.rafiq.RafiqException
import org.rafiq.app.look.Foldout
import org.rafiq.app.look.Look
import org.rafiq.app.look.Newer
import org.rafiq.app.look.Page
import org.rafiq.app.look.Palette
import org.rafiq.app.look.Pictogram
import org.rafiq.app.platform.mainThread
import org.rafiq.presenters.AppContent
import org.rafiq.presenters.AppEvent
import org.rafiq.presenters.AppPresenter
import org.rafiq.presenters.Navigator
import org.rafiq.presenters.Place
import org.rafiq.presenters.Session
import org.rafiq.presenters.SetUpPresenter
import org.rafiq.presenters.UiState
import org.rafiq.presenters.UnlockPresenter
import org.rafiq.presenters.Where
import org.rafiq.presenters.Word
import org.rafiq.presenters.Words

/** The whole app: whatever it is at now, in the person's words. */
class AppView(context: Context, private val app: AppPresenter, private val shell: ShellActions) : FrameLayout(context) {
    /** Where the person is. Kept while the profile is open: whoever chooses another language stays where that was chosen. */
    var navigator = Navigator()
        private set

    private var scope: CoroutineScope? = null

    /** Ends with the screen that is shown. */
    private var screenScope: CoroutineScope? = null

    /** What is shown: the same needs no other screen. */
    private var shown: Any? = null
    private var tabs: View? = null

    /** The page of the place where the person is. */
    private var page: Page? = null

    /** By night or by day, and how large letters are: what a screen was made for. */
    private val settings: Pair<Int, Float>
        get() = resources.configuration.let { (it.uiMode and Configuration.UI_MODE_NIGHT_MASK) to it.fontScale }
    private var madeFor = settings

    init {
        setBackgroundColor(Look(context, null).colour(Palette.paper))
    }

    /** Goes one step back, within a screen first; false where that leads out of the app. */
    fun back(): Boolean {
        page?.stepBack?.let {
            it()
            return true
        }
        if (session == null || !navigator.canGoBack) return false
        go(navigator.back())
        return true
    }

    /** Begins at a place that was kept while the activity was made anew. */
    fun resumeAt(navigator: Navigator) {
        this.navigator = navigator
    }

    override fun onAttachedToWindow() {
        super.onAttachedToWindow()
        requestApplyInsets()
        scope = CoroutineScope(mainThread + SupervisorJob()).also { it.launch { app.state.collect { show() } } }
    }

    override fun onDetachedFromWindow() {
        scope?.cancel()
        scope = null
        screenScope = null
        shown = null
        removeAllViews()
        super.onDetachedFromWindow()
    }

    /**
     * Another width or height asks for another arrangement. Night, and larger letters, ask for another screen: at once, or, where somebody
     * has begun something that would be lost with it, from the next one on.
     */
    override fun onConfigurationChanged(changed: Configuration) {
        super.onConfigurationChanged(changed)
        tabs?.let { (it as TabBar).arrange() }
        if (settings == madeFor || isSomethingBegun) return
        shown = null
        show()
    }

    private val isSomethingBegun: Boolean
        get() = session == null || isBegunAt(navigator.current) || isWritten(this)

    /** Where a screen holds more than what stands in its fields: the words of a kit, say, which are shown once. */
    private fun isBegunAt(place: Place): Boolean =
        place == Place.CheckIn || place == Place.Join || place == Place.Kit || place is Place.Attendance

    private fun isWritten(view: View): Boolean = when (view) {
        is EditText -> view.text.isNotEmpty()
        is Foldout -> view.isOpen
        is ViewGroup -> (0 until view.childCount).any { isWritten(view.getChildAt(it)) }
        else -> false
    }

    override fun onApplyWindowInsets(insets: WindowInsets): WindowInsets {
        val taken = Newer.taken(insets)
        setPadding(taken.left, taken.top, taken.right, taken.bottom)
        // Somebody who writes needs the room more than the tabs.
        tabs?.visibility = if (taken.bottom > KEYBOARD * resources.displayMetrics.density) GONE else VISIBLE
        return insets
    }

    private val session: Session? get() = ((app.state.value as? UiState.Content)?.content?.at as? Where.Open)?.session

    private fun go(to: Navigator) {
        navigator = to
        show()
    }

    private fun show() {
        when (val state = app.state.value) {
            is UiState.Content -> show(state.content)
            is UiState.Failed -> instead(state) { failed(it, state) }
            UiState.Loading, UiState.Locked, is UiState.Empty -> instead(state) { View(context) }
        }
    }

    private fun show(content: AppContent) {
        val look = Look(context, content.words)
        when (val at = content.at) {
            Where.SetUp, Where.Locked -> {
                navigator = Navigator()
                instead(at to content.words) { scope ->
                    val way = Way(look, scope, shell)
                    if (at == Where.SetUp) setUpScreen(way, SetUpPresenter(app, scope)) else unlockScreen(way, UnlockPresenter(app, scope))
                }
            }
            is Where.Open -> instead(Triple(at.session, content.words, navigator.current)) { open(look, at.session, it) }
            is Where.Damaged, is Where.KeyLost, is Where.NewerVersion, is Where.InUse ->
                instead(at::class to content.words) { troubleScreen(Way(look, it, shell), app) }
        }
    }

    /** Shows what [make] makes, unless that is what is shown already. */
    private fun instead(what: Any, make: (CoroutineScope) -> View) {
        val scope = scope ?: return
        if (what == shown) return
        shown = what
        screenScope?.cancel()
        removeAllViews()
        tabs = null
        page = null
        madeFor = settings
        setBackgroundColor(Look(context, null).colour(Palette.paper))
        val own = CoroutineScope(scope.coroutineContext + SupervisorJob(scope.coroutineContext[Job]))
        screenScope = own
        addView(make(own), LayoutParams(MATCH_PARENT, MATCH_PARENT))
    }

    private fun open(look: Look, session: Session, scope: CoroutineScope): View {
        val place = navigator.current
        val isTab = place in Navigator.TABS
        val way = Way(look, scope, shell, { go(navigator.open(it)) }, if (isTab) null else ({ go(navigator.back()) }))
        val screen = screen(place, way, session)
        page = screen as? Page
        return LinearLayout(context).apply {
            orientation = LinearLayout.VERTICAL
            layoutDirection = look.direction
            addView(screen, LinearLayout.LayoutParams(MATCH_PARENT, 0, 1f))
            if (isTab) {
                val bar = TabBar(look, place) { way.open(it) }
                tabs = bar
                addView(bar, LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT))
            }
        }
    }

    /** Nothing is known of the person's language then, so the button speaks the phone's. */
    private fun failed(scope: CoroutineScope, state: UiState.Failed): View {
        val words = try {
            Words(Language(resources.configuration.locales[0].toLanguageTag()))
        } catch (_: RafiqException) {
            null
        }
        val look = Look(context, words)
        return Way(look, scope, shell).page().apply {
            show("", main = { if (state.canRetry) main(look.labels[Word.TRY_AGAIN]) { app.on(AppEvent.Start) } }) {
                quiet(state.sentence, Pictogram.ALERT)
            }
        }
    }

    private companion object {
        /** Bars are lower than this, keyboards higher; in dp. */
        const val KEYBOARD = 120
    }
}
