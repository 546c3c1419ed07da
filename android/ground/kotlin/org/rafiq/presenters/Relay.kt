package org.rafiq.presenters

import java.io.File
import java.net.ServerSocket
import java.util.concurrent.TimeUnit

/** A real relay in a process of its own: the `rafiq` command, as cargo built it or as RAFIQ_BIN says. */
class Relay(private val folder: File) : AutoCloseable {
    private val port = ServerSocket(0).use { it.localPort }
    private var process = start()

    val url = "http://127.0.0.1:$port"

    /** Ends it and begins another one at the same address that knows nothing. */
    fun forget() {
        close()
        folder.listFiles { file -> file.name.startsWith("relay.sqlite") }.orEmpty().forEach { it.delete() }
        process = start()
    }

    fun restart() {
        close()
        process = start()
    }

    override fun close() {
        process.destroy()
        check(process.waitFor(10, TimeUnit.SECONDS)) { "the relay does not end" }
    }

    private fun start(): Process {
        val database = File(folder, "relay.sqlite").path
        val started = ProcessBuilder(command(), "relay", "--listen", "127.0.0.1:$port", "--until-input-ends", "--database", database)
            .redirectError(ProcessBuilder.Redirect.DISCARD).start()
        val line = started.inputStream.bufferedReader().readLine()
        check(line == "listening on http://127.0.0.1:$port") { "the relay said: $line" }
        return started
    }

    private fun command(): String = System.getenv("RAFIQ_BIN") ?: File(System.getProperty("jna.library.path"), "../../debug/rafiq").path
}
