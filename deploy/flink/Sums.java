import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * A batch job whose result and traffic are known beforehand, without Beam: the numbers 1…ROWS
 * are shuffled by their remainder modulo 97 and summed.
 *
 * <p>java -cp "lib/*" Sums.java REST_PORT ROWS ROWS_A_SECOND FOLDER
 */
public class Sums {
  public static void main(String[] arguments) throws Exception {
    Configuration cluster = new Configuration();
    cluster.setString("execution.target", "remote");
    cluster.setString("rest.address", "localhost");
    cluster.setString("rest.port", arguments[0]);
    cluster.setString("parallelism.default", "4");
    cluster.setString("table.optimizer.agg-phase-strategy", "ONE_PHASE"); // every row crosses the shuffle
    TableEnvironment tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().inBatchMode().withConfiguration(cluster).build());
    tables.executeSql(
        "CREATE TEMPORARY TABLE numbers (n BIGINT) WITH ('connector'='datagen',"
            + "'fields.n.kind'='sequence', 'fields.n.start'='1', 'fields.n.end'='" + arguments[1] + "',"
            + "'number-of-rows'='" + arguments[1] + "', 'rows-per-second'='" + arguments[2] + "')");
    tables.executeSql(
        "CREATE TEMPORARY TABLE sums (remainder BIGINT, many BIGINT, total BIGINT) WITH ("
            + "'connector'='filesystem', 'format'='csv', 'path'='file://" + arguments[3] + "')");
    tables
        .executeSql(
            "INSERT INTO sums SELECT MOD(n, 97), COUNT(*), SUM(n) FROM numbers GROUP BY MOD(n, 97)")
        .await();
  }
}
