package importer

import (
	"testing"

	"github.com/deploysite/deploysite/internal/records"
)

// TestStatusBeforeNames has a status with people or a ticket in brackets behind it, or another remark, which may take it back.
func TestStatusBeforeNames(t *testing.T) {
	for title, want := range map[string]records.Status{
		"api 3.4.0 — OK (Lena)":                 records.Succeeded,
		"api 3.3.9 — ROLLED BACK (Tom)":         records.RolledBack,
		"web 12.1 ✔ (Lena + Tom)":               records.Succeeded,
		"web 12.1 – failed (INC-4711)":          records.Failed,
		"web 12.1 – succeeded (@lena and @tom)": records.Succeeded,
		"YANKED api 3.3.8":                      records.RolledBack,
		"v1.2（本番）– 失敗 (鈴木)":                     "",
		"api 3.4.0 — OK (EU only)":              "",
		"api 3.4.0 — OK (not really)":           "",
		"api 3.4.0 — OK (Partially)":            "",
		"api 3.4.0 — no (Lena)":                 "",
		"the build is yanked up":                "",
	} {
		if got := titleStatus(title); got != want {
			t.Errorf("%s: %q, want %q", title, got, want)
		}
	}
}
