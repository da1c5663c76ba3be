module io.vitals/tools/pause

go 1.26.0
