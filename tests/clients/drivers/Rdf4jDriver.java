import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.rdf4j.model.Resource;
import org.eclipse.rdf4j.model.Statement;
import org.eclipse.rdf4j.query.resultio.sparqljson.SPARQLResultsJSONWriter;
import org.eclipse.rdf4j.repository.RepositoryConnection;
import org.eclipse.rdf4j.repository.sparql.SPARQLRepository;
import org.eclipse.rdf4j.rio.RDFFormat;
import org.eclipse.rdf4j.rio.Rio;

/** RDF4J's SPARQLRepository with its default settings. */
final class Rdf4jDriver extends Driver {
    private final RepositoryConnection connection;

    private Rdf4jDriver(SPARQLRepository repository) {
        connection = repository.getConnection();
    }

    /** The address of the service; "Basic" or "Bearer" and the token where it is asked with one. */
    public static void main(String[] arguments) throws Exception {
        var repository = new SPARQLRepository(arguments[0] + "/sparql", arguments[0] + "/update");
        switch (arguments.length > 1 ? arguments[1] : "") {
            case "Basic" -> repository.setUsernameAndPassword("writer", arguments[2]);
            case "Bearer" -> repository.setAdditionalHttpHeaders(Map.of("Authorization", "Bearer " + arguments[2]));
            default -> { }
        }
        new Rdf4jDriver(repository).run();
    }

    @Override
    String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "select" -> {
                var bytes = new ByteArrayOutputStream();
                connection.prepareTupleQuery(words[1]).evaluate(new SPARQLResultsJSONWriter(bytes));
                return bytes.toString(StandardCharsets.UTF_8);
            }
            case "ask" -> {
                return String.valueOf(connection.prepareBooleanQuery(words[1]).evaluate());
            }
            case "construct", "describe" -> {
                var text = new StringWriter();
                connection.prepareGraphQuery(words[1]).evaluate(Rio.createWriter(RDFFormat.NTRIPLES, text));
                return text.toString();
            }
            case "update" -> connection.prepareUpdate(words[1]).execute();
            case "put" -> {
                connection.begin();
                try {
                    if (connection.hasStatement(null, null, null, false, graph(words[1]))) {
                        // CLEAR of a graph that is not there is an error of SPARQL Update.
                        connection.clear(graph(words[1]));
                    }
                    connection.add(new StringReader(words[2]), "", RDFFormat.NTRIPLES, graph(words[1]));
                    connection.commit();
                } finally {
                    if (connection.isActive()) {
                        connection.rollback();
                    }
                }
            }
            case "post" -> connection.add(new StringReader(words[2]), "", RDFFormat.NTRIPLES, graph(words[1]));
            case "fetch" -> {
                return statements(graph(words[1]));
            }
            case "all" -> {
                return statements();
            }
            case "delete" -> connection.clear(graph(words[1]));
            default -> throw new IllegalArgumentException(words[0]);
        }
        return "";
    }

    private Resource graph(String iri) {
        return connection.getValueFactory().createIRI(iri);
    }

    private String statements(Resource... graphs) {
        var text = new StringWriter();
        var writer = Rio.createWriter(RDFFormat.NTRIPLES, text);
        writer.startRDF();
        try (var statements = connection.getStatements(null, null, null, graphs)) {
            for (Statement statement : statements) {
                writer.handleStatement(statement);
            }
        }
        writer.endRDF();
        return text.toString();
    }
}
