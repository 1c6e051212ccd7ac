package records

import "testing"

// TestOutcomePhrases: what is no clear success is none. Half of these are true ones.
func TestOutcomePhrases(t *testing.T) {
	clear, unclear := 0, 0
	for in, want := range map[string]Status{
		"✅ Deployed":                           Succeeded,
		"✅ Deployed to both nodes by Ada":      Succeeded,
		"success, no errors":                   Succeeded,
		"Succeeded (without downtime)":         Succeeded,
		"Successful, zero failed requests":     Succeeded,
		"Done: 14 of 14 nodes":                 Succeeded,
		"deployed at 14:30":                    Succeeded,
		"Completed - announced in the channel": Succeeded,
		"erfolgreich, ohne Ausfall":            Succeeded,
		"Das wurde erfolgreich":                "", // one word is not known
		"wurde erfolgreich abgeschlossen":      Succeeded,
		"✅ erledigt (keine Probleme)":          Succeeded,
		"Déployé avec succès":                  Succeeded,
		"réussi, sans incident":                Succeeded,
		"con éxito, sin errores":               Succeeded,
		"Concluído com sucesso":                Succeeded,
		"completato con successo":              Succeeded,
		"geslaagd, geen problemen":             Succeeded,
		"успешно, без ошибок":                  Succeeded,
		"成功（問題なし）":                             Succeeded,
		"✅ 完了":                                 Succeeded,
		"已完成，没有错误":                             Succeeded,
		"성공":                                   Succeeded,
		"✅ Tested and deployed":                Succeeded,
		"✅ Deployed as planned":                Succeeded,
		"✅ Deployed, tested, approved by Mei":  Succeeded,
		"✅ Live since Tuesday":                 Succeeded,
		"✅ Approved and released":              Succeeded,
		"✅ Geplant und ausgerollt":             Succeeded,
		"✅ **DÉPLOYÉ ET OPÉRATIONNEL**":        Succeeded,
		"✅ Production validée":                 Succeeded,
		"✅ Todo bien, desplegado":              Succeeded,
		"Deployed, later rolled back":          RolledBack,
		"⚠️ rolled back":                       RolledBack,
		"❌ failed":                             Failed,
		"échec":                                Failed,
		"失败":                                   Failed,
		"annulé":                               Cancelled,

		// What comes before a deployment is no end of it.
		"✅ Ready for deployment":                     "",
		"✅ **READY FOR PRODUCTION DEPLOYMENT**":      "",
		"✅ Complete and ready to deploy":             "",
		"Completed - ready for deployment":           "",
		"✅ Production ready":                         "",
		"✅ Approved":                                 "",
		"✅ Scheduled for Tuesday":                    "",
		"✅ Will be deployed tomorrow":                "",
		"✅ Implementation complete":                  "",
		"✅ The implementation is complete":           "",
		"✅ Code complete, awaiting the deployment":   "",
		"✅ Tests passed":                             "",
		"✅ Build successful":                         "",
		"✅ Dry run":                                  "",
		"✅ On hold":                                  "",
		"✅ Bereit zum Deployment":                    "",
		"✅ Freigegeben":                              "",
		"Abgeschlossen, bereit für die Auslieferung": "",
		"✅ Implémenté et testé":                      "",
		"✅ Prêt pour déploiement":                    "",
		"✅ Listo para desplegar":                     "",
		"✅ Pronto para deploy":                       "",
		"✅ Approvato":                                "",
		"✅ Готово к развертыванию":                   "",
		"✅ Запланировано":                            "",
		"✅ デプロイ準備完了":                                 "",
		"✅ 承認済み":                                     "",
		"✅ 准备就绪":                                     "",
		"✅ 배포 예정":                                    "",

		"✅ Deployed, but rolled back an hour later": "",
		"✅ Deployed; rolled back an hour later":     "",
		"Completed with errors":                     "",
		"Completed (with errors)":                   "",
		"⚠️ success":                                "",
		"⚠ Deployed":                                "",
		"⚠️ minor things":                           "",
		"❌ success":                                 "",
		"🔄 success":                                 "",
		"success ❌":                                 "",
		"✅ failed":                                  "",
		"Success (not)":                             "",
		"Success? No":                               "",
		"success?":                                  "",
		"success - ish":                             "",
		"not successful":                            "",
		"partially":                                 "",
		"Partially deployed":                        "",
		"deployed, mostly":                          "",
		"failed successfully":                       "",
		"success, 12 of 14 nodes":                   "",
		"succeeded; node 3 reverted":                "",
		"✅ without success":                         "",
		"erfolgreich, aber die Suche fehlt":         "",
		"erfolgreich (teilweise)":                   "",
		"nicht erfolgreich":                         "",
		"fast fertig":                               "",
		"✅ ohne Erfolg":                             "",
		"réussi, mais lent":                         "",
		"réussi partiellement":                      "",
		"✅ sans succès":                             "",
		"con éxito, pero con errores":               "",
		"sin éxito":                                 "",
		"concluído com falhas":                      "",
		"completato - con errori":                   "",
		"geslaagd, maar traag":                      "",
		"частично успешно":                          "",
		"успешно, но с ошибками":                    "",
		"✅ 成功しませんでした":                               "",
		"一部成功":                                      "",
		"成功、ただし切り戻し":                                "",
		"部分成功":                                      "",
		"成功，但有错误":                                   "",
		"✅ 부분 성공":                                   "",
	} {
		if got, ok := ParseOutcome(in); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", in, got, ok, want)
		}
		if got, _ := ParseStatus(in); got == Succeeded && want != Succeeded {
			t.Errorf("in the front matter %q is a success", in)
		}
		if want == "" {
			unclear++
		} else {
			clear++
		}
	}
	t.Logf("%d phrases are clear, %d are not", clear, unclear)
}
