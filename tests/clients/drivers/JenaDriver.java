import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.jena.http.auth.AuthEnv;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.rdf.model.Model;
import org.apache.jena.rdf.model.ModelFactory;
import org.apache.jena.rdfconnection.RDFConnection;
import org.apache.jena.rdfconnection.RDFConnectionRemote;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.riot.RDFParser;

/** Apache Jena with its default HTTP client, which offers an upgrade to HTTP/2, or with -Dplain=true one that does not. */
final class JenaDriver extends Driver {
    private final RDFConnection connection;

    private JenaDriver(String address, boolean plain) {
        var builder = RDFConnectionRemote.newBuilder().destination(address)
            .queryEndpoint("sparql").updateEndpoint("update").gspEndpoint("store");
        if (plain) {
            // HTTP/1.1 from the start, without the offer of an upgrade.
            var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
            builder.httpClient(client.build());
        }
        connection = builder.build();
    }

    /** The address of the service; "Basic" or "Bearer" and the token where it is asked with one. */
    public static void main(String[] arguments) throws Exception {
        switch (arguments.length > 1 ? arguments[1] : "") {
            case "Basic" -> AuthEnv.get().registerUsernamePassword(URI.create(arguments[0] + "/"), "writer", arguments[2]);
            case "Bearer" -> {
                for (var name : List.of("sparql", "update", "store")) {
                    AuthEnv.get().setBearerToken(arguments[0] + "/" + name, arguments[2]);
                }
            }
            default -> { }
        }
        new JenaDriver(arguments[0] + "/", Boolean.getBoolean("plain")).run();
    }

    @Override
    String answer(String[] words) {
        switch (words[0]) {
            case "select" -> {
                var bytes = new ByteArrayOutputStream();
                connection.queryResultSet(words[1], rows -> ResultSetFormatter.outputAsJSON(bytes, rows));
                return bytes.toString(StandardCharsets.UTF_8);
            }
            case "ask" -> {
                return String.valueOf(connection.queryAsk(words[1]));
            }
            case "construct" -> {
                return text(connection.queryConstruct(words[1]));
            }
            case "describe" -> {
                return text(connection.queryDescribe(words[1]));
            }
            case "update" -> connection.update(words[1]);
            case "put" -> connection.put(words[1], model(words[2]));
            case "post" -> connection.load(words[1], model(words[2]));
            case "fetch" -> {
                return text(connection.fetch(words[1]));
            }
            case "delete" -> connection.delete(words[1]);
            default -> throw new IllegalArgumentException(words[0]);
        }
        return "";
    }

    private static Model model(String triples) {
        var model = ModelFactory.createDefaultModel();
        RDFParser.fromString(triples, Lang.NTRIPLES).parse(model);
        return model;
    }

    private static String text(Model model) {
        var bytes = new ByteArrayOutputStream();
        RDFDataMgr.write(bytes, model, Lang.NTRIPLES);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
