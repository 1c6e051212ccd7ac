package records

import (
	"strings"
	"testing"
)

// TestFactsInManyLanguages has heads in the languages that notes are read in.
func TestFactsInManyLanguages(t *testing.T) {
	for head, want := range map[string]string{
		"**Umgebung**: Produktion\n**Ergebnis**: zurückgerollt\n**Durchgeführt von**: Jörg Maß\n**Version**: 4.2\n**Datum**: 31.08.2024\n": "rolled-back Produktion 4.2 Jörg Maß 2024-08-31",
		"| Feld | Wert |\n|---|---|\n| Datum | 31. August 2024 |\n| Status | ✅ erfolgreich |\n| Umgebung | Test |\n":                       "succeeded Test   2024-08-31",
		"- **Statut** : échec\n- **Environnement** : recette\n- **Déployé par** : Zoé Noël\n- **Date** : 2024-08-31\n":                     "failed recette  Zoé Noël 2024-08-31",
		"- Estado: cancelado\n- Entorno: producción\n- Versión: 1.0.1\n- Ejecutado por: Luz\n- Fecha: 31/08/2024\n":                        "cancelled producción 1.0.1 Luz 2024-08-31",
		"**Situação**: concluído com sucesso\n**Ambiente**: produção\n**Versão**: 2.0\n":                                                   "succeeded produção 2.0  ",
		"**Stato**: completato\n**Ambiente**: produzione\n**Data e ora**: 2024-08-31 14:30\n":                                              "succeeded produzione   2024-08-31 14:30",
		"- **ステータス**: 切り戻し\n- **環境**: 本番\n- **バージョン**: 1.4.2\n- **担当者**: 田中\n- **実施日**: 2024年8月31日\n":                                      "rolled-back 本番 1.4.2 田中 2024-08-31",
		"**状态**：部署失败\n**环境**：生产\n**版本**：v3.1\n**执行人**：王伟\n":                                                                                "failed 生产 v3.1 王伟 ",
		"**상태**: 완료\n**환경**: 운영\n**배포자**: 김민수\n":                                                                                           "succeeded 운영  김민수 ",
		"**Статус**: успешно\n**Среда**: прод\n**Версия**: 7.1\n**Выполнил**: Ольга\n":                                                     "succeeded прод 7.1 Ольга ",
		"**Resultaat**: mislukt\n**Omgeving**: acceptatie\n":                                                                               "failed acceptatie   ",
		"**Date**: January 28, 2026\n**Status**: Success\n":                                                                                "succeeded    2026-01-28",
		"**Date**: 9th March 2026\n": "in-progress    2026-03-09",
		"**Data**: 5 GB migrated\n**Verantwortlich**: Ops\n**Responsable**: Luz\n**Ziel**: weniger Ausfälle\n": "in-progress    ", // of the data, the owner, the aim
		"**Ergebnis**: nicht erfolgreich\n": "in-progress    ",
		"**Statut** : réussi mais lent\n":   "in-progress    ",
		"**状态**：未成功\n":                      "in-progress    ",
		"**Date**: 01/02/2024\n":            "in-progress    ",
		"**Date**: 31 February 2024\n":      "in-progress    ",
		"**Date**: March 9, 2026 or so\n":   "in-progress    ",
	} {
		r := Parse("x.md", []byte("# Shop\n\n"+head+"\n## Kontakt\n\n- **Umgebung**: des Rechenzentrums\n- **担当者**: 佐藤\n"), Options{})
		got := strings.Join([]string{string(r.Status), r.Environment.Value, r.Version.Value, strings.Join(Values(r.Deployers), ","), r.Started.Words()}, " ")
		if got != want {
			t.Errorf("%q:\n%q, want\n%q; %v", head, got, want, r.Problems)
		}
	}
}
