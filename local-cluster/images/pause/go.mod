module cluster-storage/pause

go 1.21
