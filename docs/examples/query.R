# 用 R 提问，只需要 R 自己。 A question from R, which needs nothing but R itself.
#   Rscript query.R http://127.0.0.1:8000/sparql
given <- commandArgs(trailingOnly = TRUE)
endpoint <- if (length(given) > 0) given[[1]] else "http://127.0.0.1:8000/sparql"
query <- "
  PREFIX zc: <https://w3id.org/zhengce/def#>
  SELECT ?number ?text WHERE {
    ?task a zc:Task ; zc:number ?number ; zc:text ?text ;
          zc:involvesIndustry <https://w3id.org/zhengce/id/industry/low-altitude-aviation> .
  }"

# format=csv 胜过 Accept：read.csv 不能说它要什么。 format=csv wins over Accept, as read.csv cannot say what it wants.
address <- paste0(endpoint, "?format=csv&query=", utils::URLencode(query, reserved = TRUE))
tasks <- utils::read.csv(url(address, encoding = "UTF-8"), colClasses = "character")
tasks$number <- as.integer(tasks$number)
tasks <- tasks[order(tasks$number), ]
cat(paste(tasks$number, tasks$text, sep = "\t"), sep = "\n")
cat("\n")
