module io.vitals/tools/git-server

go 1.26.0
