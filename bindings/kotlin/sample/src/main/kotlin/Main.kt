import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.rafiq.CheckIn
import org.rafiq.CheckInFilter
import org.rafiq.Feeling
import org.rafiq.KeyVault
import org.rafiq.Rafiq
import java.io.File
import kotlin.experimental.xor

/** A stand-in for a phone's Keystore; it protects nothing. */
private object MaskVault : KeyVault {
    override fun wrap(secret: ByteArray) = ByteArray(secret.size) { secret[it] xor 7 }
    override fun unwrap(wrapped: ByteArray) = wrap(wrapped)
    override fun delete() = Unit
}

/** Lives the first day of ../README.md in an empty folder, and looks afterwards whether everything is there. */
fun main(arguments: Array<String>) {
    val folder = File(arguments.single())
    val kept = runBlocking {
        val shown = CompletableDeferred<List<CheckIn>>()
        val day = launch { firstDay(folder, MaskVault, shown::complete) }
        val seen = shown.await()
        day.cancelAndJoin() // `watch` goes on for as long as somebody looks
        Rafiq.open(folder, MaskVault).use { rafiq ->
            check(rafiq.checkIns.list(CheckInFilter(), 20).items == seen) { "what was seen is not what was kept" }
        }
        seen.single()
    }
    check(kept.feeling == Feeling.GOOD && kept.name == "آمنه" && kept.isMine) { "not what was recorded: $kept" }
    println("one check-in kept")
}
