module cluster-storage/stand-in

go 1.21
