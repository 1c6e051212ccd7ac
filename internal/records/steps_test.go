package records

import (
	"strings"
	"testing"
)

// TestLabels are what stands before a colon that is not within brackets, quotes or code.
func TestLabels(t *testing.T) {
	for item, want := range map[string]string{
		"- [x] `pytest` — 7 errors (`test_search.py` : no fixture `app`).": "pytest — 7 errors (test_search.py : no fixture app).",
		"- [x] Logs \"`api`: started\" seen: twice":                        "Logs \"api: started\" seen",
		"- [x] 接口（`/health`：200）：正常":                                       "接口（/health：200）",
		"- [x] Backup (`pg_dump`): taken":                                  "Backup (pg_dump)",
		"- [x] Version:`1.2`":                                              "Version",
		"- [x] `a: b` and (open: by hand":                                  "a: b and (open",
		"- [x] **Backup**: taken (at 10:00: late)":                         "Backup",
		"- [x] See <https://example.org>: it works":                        "See https://example.org",
	} {
		r := Parse(recordName1, []byte("# A\n\n"+item+"\n"), Options{})
		if len(r.Steps) != 1 || r.Steps[0].Label != want {
			t.Errorf("%s: %+v, want the label %q", item, r.Steps, want)
		}
	}
}

// TestAdornedLists: where each item has its own picture, a sign among them is one, too.
func TestAdornedLists(t *testing.T) {
	for list, want := range map[string]string{
		"- ⚡ Quick start\n- 📋 Needs\n- 🔄 Rollback\n- 🛠️ Help\n":                      "",
		"1. ✅ Checks\n2. 🧪 Tests\n3. 🐳 Build\n4. 📤 Push\n5. 🚀 Deploy\n6. ✅ Health\n": "",
		"- 💰 Costs: less\n- 📈 Hits: more\n- :white_check_mark: Reliable\n":           "",

		"- ✅ Health\n- ✅ Metrics\n- 🔍 Watch the logs\n":                   "Health, Metrics",
		"- ❌ six tried\n- ✅ six fell back\n- 💾 one saved\n- 📭 none hit\n": "six tried, six fell back",
		"- ✅ Migrate\n- ⏸️ Announce\n- 🟡 Watch\n- 🔜 Clean up\n":           "Migrate",
		"- [x] Migrate\n- 🧪 Test\n- 🐳 Build\n- ✅ Push\n":                  "Migrate, Push",
		"- ✅ Migrate\n- Announce\n- Watch\n":                              "Migrate",
		"- ✅ Migrate\n- ⏱️ 4 s\n- ⏱️ 5 s\n":                               "Migrate",
	} {
		var got []string
		for _, s := range Parse(recordName1, []byte("# A\n\n"+list), Options{}).Steps {
			got = append(got, s.Label)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q: %q, want %q", list, got, want)
		}
	}
}
