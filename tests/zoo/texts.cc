#include "tests/zoo/texts.h"

namespace platen::zoo {

const Words english{"en",      "US", "Ready", "Printing", "{} low", "Replace {}", "{} almost full", "Load paper: {}",
                    "Close {}"};
const Words german{"de",           "DE",
                   "Bereit",       "Druckt gerade für Sie",
                   "{} fast leer", "{} ersetzen, bitte öffnen",
                   "{} fast voll", "Papier einfügen: {}",
                   "{} schließen"};
const Words french{"fr",
                   "FR",
                   "Prêt",
                   "Impression démarrée",
                   "{} bientôt épuisé",
                   "{} épuisé",
                   "{} presque plein",
                   "Réapprovisionner {}",
                   "Fermez {} à l'arrière"};
const Words polish{"pl",
                   "PL",
                   "Gotowość",
                   "Drukowanie trwa już",
                   "Mało, wkrótce koniec: {}",
                   "Wymień: {}",
                   "{} prawie pełny",
                   "Włóż papier: {}",
                   "Zamknij: {}"};
const Words czech{"cs",          "CZ",          "Připraveno",     "Tiskne se úloha č. 1",
                  "Dochází: {}", "Vyměňte: {}", "Téměř plno: {}", "Vložte papír: {}",
                  "Zavřete: {}"};
const Words japanese{"ja",
                     "JP",
                     "印刷できます",
                     "印刷中です",
                     "{} 残りわずかです",
                     "{} を交換してください",
                     "{} 満杯に近づいています",
                     "{} に用紙を補給してください",
                     "{} を閉じてください"};

}  // namespace platen::zoo
