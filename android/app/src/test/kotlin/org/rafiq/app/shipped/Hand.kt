package org.rafiq.app.shipped

import android.os.Looper
import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.TextView
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.net.ServerSocket
import java.time.Duration
import java.util.concurrent.TimeUnit

/** A finger and an eye on a window; knows nothing of the app but what is seen. */
internal class Hand(private val window: View) {
    /** Waits until the window holds what is asked for. */
    fun <T : Any> wait(what: String, find: () -> T?): T {
        repeat(MOST_LOOKS) {
            shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(100))
            find()?.let { return it }
            Thread.sleep(10)
        }
        error("$what does not come; there is: " + texts().map { it.text })
    }

    fun texts(): List<TextView> = all(window).filterIsInstance<TextView>()

    fun begins(text: String): TextView? = texts().find { it.text.startsWith(text) }

    fun labelled(text: String): View? = all(window).find { it.contentDescription?.startsWith(text) == true }

    fun field(): EditText = wait("a field") { all(window).filterIsInstance<EditText>().firstOrNull() }

    fun words(text: String): TextView = wait(text) { texts().find { it.text.toString() == text } }

    /** Touches what holds these words, once it can be touched. */
    fun tap(text: String) = touch(wait(text) { texts().findLast { it.text.toString() == text && touched(it)?.isEnabled == true } })

    /** Touches a view, or what it stands in. */
    fun touch(view: View) {
        checkNotNull(touched(view)) { "it cannot be touched: $view" }.performClick()
    }

    private fun touched(view: View): View? {
        var touched: View? = view
        while (touched != null && !touched.hasOnClickListeners()) touched = touched.parent as? View
        return touched
    }

    private fun all(from: View): List<View> =
        if (from.visibility != View.VISIBLE) emptyList()
        else listOf(from) + if (from is ViewGroup) (0 until from.childCount).flatMap { all(from.getChildAt(it)) } else emptyList()

    private companion object {
        /** Far more than a slow machine needs. */
        const val MOST_LOOKS = 1000
    }
}

/** A real relay in a process of its own: the `rafiq` command as cargo built it. */
internal class Relay(folder: File) : AutoCloseable {
    private val port = ServerSocket(0).use { it.localPort }
    private val process = ProcessBuilder(
        File(System.getProperty("rafiq.target"), "debug/rafiq").path, "relay",
        "--listen", "127.0.0.1:$port", "--until-input-ends", "--database", File(folder, "relay.sqlite").path,
    ).redirectError(ProcessBuilder.Redirect.DISCARD).start()

    val url = "http://127.0.0.1:$port"

    init {
        val line = process.inputStream.bufferedReader().readLine()
        check(line == "listening on $url") { "the relay said: $line" }
    }

    override fun close() {
        process.destroy()
        check(process.waitFor(10, TimeUnit.SECONDS)) { "the relay does not end" }
    }
}
