package org.rafiq.app.looking

import android.app.Activity
import android.graphics.Bitmap
import android.os.Handler
import android.os.Looper
import android.view.PixelCopy
import android.view.View
import android.view.ViewGroup
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.widget.EditText
import android.widget.TextView
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import org.rafiq.HostClock
import org.rafiq.app.platform.mainThread
import org.rafiq.app.screens.AppView
import org.rafiq.app.screens.ShellActions
import org.rafiq.presenters.AppEvent
import org.rafiq.presenters.AppPresenter
import org.rafiq.presenters.Host
import org.rafiq.presenters.Session
import org.rafiq.presenters.UiState
import org.rafiq.presenters.Where
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.time.Duration

/** The whole app in a window, over the real library, as a finger and an eye meet it. */
class Screens(private val folder: File, language: String) : AutoCloseable {
    private val scope = CoroutineScope(mainThread + SupervisorJob())
    private val clock = object : HostClock {
        override fun nowMs(): Long = START_MS
    }
    private val shell = object : ShellActions {
        override val canScan = true
        override fun scan(found: (String) -> Unit) = Unit
        override fun copy(text: String) = Unit
        override fun share(text: String) = Unit
    }
    val app = AppPresenter(Host(folder, null, { language }, { "Europe/Berlin" }, clock), scope)
    private val window = Robolectric.buildActivity(Activity::class.java).setup()
    val view = AppView(window.get(), app, shell)

    /** The profile that is open. */
    val session: Session get() = ((app.state.value as UiState.Content).content.at as Where.Open).session

    init {
        window.get().setContentView(view, ViewGroup.LayoutParams(MATCH_PARENT, MATCH_PARENT))
        app.on(AppEvent.Start)
    }

    /** Waits until the window holds what is asked for. */
    fun <T : Any> wait(what: String, find: () -> T?): T {
        repeat(MOST_LOOKS) {
            settle()
            find()?.let { return it }
            Thread.sleep(10)
        }
        error("$what does not come; there is: " + all().mapNotNull { (it as? TextView)?.text })
    }

    /** Lets pass what is due, and a few frames in which it is laid out. */
    private fun settle() = shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(100))

    /** Every view that can be seen. */
    fun all(from: View = view): List<View> =
        if (from.visibility != View.VISIBLE) emptyList()
        else listOf(from) + if (from is ViewGroup) (0 until from.childCount).flatMap { all(from.getChildAt(it)) } else emptyList()

    /** Every view of words that can be seen. */
    fun texts(): List<TextView> = all().filterIsInstance<TextView>()

    /** Waits for words. */
    fun words(text: String): TextView = wait(text) { texts().find { it.text.toString() == text } }

    /** Touches what holds these words. */
    fun tap(text: String) = touch(words(text))

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

    /** Paints the window into a file, and gives what was painted. */
    fun paint(name: String): Bitmap {
        settle()
        val all = window.get().window.decorView
        val picture = Bitmap.createBitmap(all.width, all.height, Bitmap.Config.ARGB_8888)
        var answer = -1
        PixelCopy.request(window.get().window, picture, { answer = it }, Handler(Looper.getMainLooper()))
        settle()
        check(answer == PixelCopy.SUCCESS) { "nothing was painted: $answer" }
        val pictures = File(System.getProperty("rafiq.target"), "android/renders").apply { mkdirs() }
        File(pictures, "$name.png").outputStream().use { picture.compress(Bitmap.CompressFormat.PNG, 100, it) }
        return picture
    }

    override fun close() {
        window.pause().stop().destroy()
        scope.cancel()
    }

    companion object {
        /** 2026-11-22 08:00 UTC: a Sunday. */
        const val START_MS = 1_795_334_400_000L

        /** Far more than a slow machine needs. */
        private const val MOST_LOOKS = 3000
    }
}
