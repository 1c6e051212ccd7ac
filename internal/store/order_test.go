package store

import (
	"slices"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
)

func TestNewestFirstNames(t *testing.T) {
	names := []string{"2024-08-31-14-30-deployment.md", "deploy-2024-09-01.md", "2024/2024-01-02.md", "31-12-2023.md", "2024-08-31-14-30-2-deployment.md",
		"2024-02-30-10-00-deployment.md", "20240831_1500.md"}
	want := []string{"deploy-2024-09-01.md", "20240831_1500.md", "2024-08-31-14-30-deployment.md", "2024-08-31-14-30-2-deployment.md",
		"2024-02-30-10-00-deployment.md", "2024/2024-01-02.md", "31-12-2023.md"}
	var list []datedName
	for _, name := range names {
		_, order, _ := records.PathOrder(name)
		list = append(list, datedName{name, order})
	}
	if got := newestFirstNames(list); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
