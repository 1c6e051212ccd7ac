module github.com/deploysite/deploysite

go 1.26
