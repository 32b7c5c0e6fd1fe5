import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Lines of words from standard input, turned into one line each: "ok" and the answer, or "error" and what was thrown. */
abstract class Driver {
    /** The answer to one request; the first word says what is asked. */
    abstract String answer(String[] words) throws Exception;

    final void run() throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            var words = line.split("\t", -1);
            for (int i = 0; i < words.length; i++) {
                words[i] = URLDecoder.decode(words[i], StandardCharsets.UTF_8);
            }
            String kind = "ok";
            String text;
            try {
                text = answer(words);
            } catch (Exception error) {
                kind = "error";
                text = error.toString();
                for (var cause = error.getCause(); cause != null; cause = cause.getCause()) {
                    text += " <- " + cause;
                }
            }
            out.println(kind + "\t" + URLEncoder.encode(text, StandardCharsets.UTF_8));
        }
    }
}
