<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>BooControl</name>
        <message>
            <source> and %1 more</source>
            <translation> und %1 weitere</translation>
        </message>
        <message>
            <source> days</source>
            <translation> Tage</translation>
        </message>
        <message>
            <source> MiB</source>
            <translation> MiB</translation>
        </message>
        <message>
            <source> s</source>
            <translation> s</translation>
        </message>
        <message>
            <source> since you wrote it %1</source>
            <translation> (geschrieben %1)</translation>
        </message>
        <message>
            <source> The old file is kept as %1.</source>
            <translation> Die alte Datei bleibt als %1 erhalten.</translation>
        </message>
        <message>
            <source>%1 (not there now)</source>
            <translation>%1 (zurzeit nicht da)</translation>
        </message>
        <message>
            <source>%1 and %2</source>
            <translation>%1 und %2</translation>
        </message>
        <message>
            <source>%1 changed models</source>
            <translation>%1 geänderte Modelle</translation>
        </message>
        <message>
            <source>%1 days ago</source>
            <translation>vor %1 Tagen</translation>
        </message>
        <message>
            <source>%1 has %2. The name any/%3 leads to whichever host suits best.</source>
            <translation>%1 hat %2. Der Name any/%3 führt zum jeweils passendsten Host.</translation>
        </message>
        <message>
            <source>%1 hours ago</source>
            <translation>vor %1 Stunden</translation>
        </message>
        <message>
            <source>%1 is gone</source>
            <translation>%1 ist weg</translation>
        </message>
        <message>
            <source>%1 is new</source>
            <translation>%1 ist neu</translation>
        </message>
        <message>
            <source>%1 kept: %2</source>
            <translation>%1 bleibt: %2</translation>
        </message>
        <message>
            <source>%1 lines of yours are kept.</source>
            <translation>%1 eigene Zeilen bleiben.</translation>
        </message>
        <message>
            <source>%1 min ago</source>
            <translation>vor %1 min</translation>
        </message>
        <message>
            <source>%1 models</source>
            <translation>%1 Modelle</translation>
        </message>
        <message>
            <source>%1 models as they should be.</source>
            <translation>%1 Modelle wie gewünscht.</translation>
        </message>
        <message>
            <source>%1 models gone</source>
            <translation>%1 Modelle weggefallen</translation>
        </message>
        <message>
            <source>%1 ms</source>
            <translation>%1 ms</translation>
        </message>
        <message>
            <source>%1 new models</source>
            <translation>%1 neue Modelle</translation>
        </message>
        <message>
            <source>%1 requests now</source>
            <translation>%1 Anfragen laufen</translation>
        </message>
        <message>
            <source>%1 requests run and would be cut off.</source>
            <translation>%1 Anfragen laufen und würden abgebrochen.</translation>
        </message>
        <message>
            <source>%1 s</source>
            <translation>%1 s</translation>
        </message>
        <message>
            <source>%1 tok/s</source>
            <translation>%1 Tok/s</translation>
        </message>
        <message>
            <source>%1 tokens</source>
            <translation>%1 Token</translation>
        </message>
        <message>
            <source>%1 was changed and does not hold a list now. The last good list stays in use: nothing stopped. The file is not touched until it can be read again.</source>
            <translation>%1 wurde geändert und enthält jetzt keine Liste. Die letzte gültige Liste bleibt in Gebrauch: Nichts wurde angehalten. Die Datei bleibt unberührt, bis sie wieder lesbar ist.</translation>
        </message>
        <message>
            <source>%1%2. Your own lines and comments stay.</source>
            <translation>%1%2. Eigene Zeilen und Kommentare bleiben.</translation>
        </message>
        <message>
            <source>%1, added as %2</source>
            <translation>%1, hinzugefügt als %2</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <translation>%1: %2</translation>
        </message>
        <message numerus="yes">
            <source>%n, drag to reorder</source>
            <translation>
                <numerusform>%n, zum Ordnen ziehen</numerusform>
                <numerusform>%n, zum Ordnen ziehen</numerusform>
            </translation>
        </message>
        <message>
            <source>%s ago</source>
            <translation>vor %s</translation>
        </message>
        <message>
            <source>%s d</source>
            <translation>%s d</translation>
        </message>
        <message>
            <source>%s failed checks</source>
            <translation>%s Prüfungen fehlgeschlagen</translation>
        </message>
        <message>
            <source>%s h</source>
            <translation>%s h</translation>
        </message>
        <message>
            <source>%s hosts</source>
            <translation>%s Hosts</translation>
        </message>
        <message>
            <source>%s min</source>
            <translation>%s min</translation>
        </message>
        <message>
            <source>%s models</source>
            <translation>%s Modelle</translation>
        </message>
        <message>
            <source>%s ms</source>
            <translation>%s ms</translation>
        </message>
        <message>
            <source>%s peers hidden</source>
            <translation>%s Peers verborgen</translation>
        </message>
        <message>
            <source>%s requests now</source>
            <translation>%s Anfragen laufen</translation>
        </message>
        <message>
            <source>%s s</source>
            <translation>%s s</translation>
        </message>
        <message>
            <source>+%1 lines</source>
            <translation>+%1 Zeilen</translation>
        </message>
        <message>
            <source>+1 line</source>
            <translation>+1 Zeile</translation>
        </message>
        <message>
            <source>, {n} not shown</source>
            <translation>, {n} nicht gezeigt</translation>
        </message>
        <message>
            <source>1 changed model</source>
            <translation>1 geändertes Modell</translation>
        </message>
        <message>
            <source>1 day ago</source>
            <translation>vor 1 Tag</translation>
        </message>
        <message>
            <source>1 error</source>
            <translation>1 Fehler</translation>
        </message>
        <message>
            <source>1 failed check</source>
            <translation>1 Prüfung fehlgeschlagen</translation>
        </message>
        <message>
            <source>1 host</source>
            <translation>1 Host</translation>
        </message>
        <message>
            <source>1 hour</source>
            <translation>1 Stunde</translation>
        </message>
        <message>
            <source>1 hour ago</source>
            <translation>vor 1 Stunde</translation>
        </message>
        <message>
            <source>1 line</source>
            <translation>1 Zeile</translation>
        </message>
        <message>
            <source>1 line of yours is kept.</source>
            <translation>1 eigene Zeile bleibt.</translation>
        </message>
        <message>
            <source>1 load comes first.</source>
            <translation>1 Ladevorgang kommt zuerst.</translation>
        </message>
        <message>
            <source>1 load failed</source>
            <translation>1 Ladevorgang schlug fehl</translation>
        </message>
        <message>
            <source>1 load seen</source>
            <translation>1 Ladevorgang gesehen</translation>
        </message>
        <message>
            <source>1 match</source>
            <translation>1 Treffer</translation>
        </message>
        <message>
            <source>1 min ago</source>
            <translation>vor 1 min</translation>
        </message>
        <message>
            <source>1 model</source>
            <translation>1 Modell</translation>
        </message>
        <message>
            <source>1 model as it should be.</source>
            <translation>1 Modell wie gewünscht.</translation>
        </message>
        <message>
            <source>1 model gone</source>
            <translation>1 Modell weggefallen</translation>
        </message>
        <message>
            <source>1 new model</source>
            <translation>1 neues Modell</translation>
        </message>
        <message>
            <source>1 newer</source>
            <translation>1 neuere</translation>
        </message>
        <message>
            <source>1 peer hidden</source>
            <translation>1 Peer verborgen</translation>
        </message>
        <message>
            <source>1 request</source>
            <translation>1 Anfrage</translation>
        </message>
        <message>
            <source>1 request now</source>
            <translation>1 Anfrage läuft</translation>
        </message>
        <message>
            <source>1 request runs</source>
            <translation>1 Anfrage läuft</translation>
        </message>
        <message>
            <source>1 request runs and would be cut off.</source>
            <translation>1 Anfrage läuft und würde abgebrochen.</translation>
        </message>
        <message>
            <source>1 request waits for it and would be ended.</source>
            <translation>1 Anfrage wartet darauf und würde beendet.</translation>
        </message>
        <message>
            <source>1 warning</source>
            <translation>1 Warnung</translation>
        </message>
        <message>
            <source>192.168.1.20:8080</source>
            <translation>192.168.1.20:8080</translation>
        </message>
        <message>
            <source>24 h ago</source>
            <translation>vor 24 h</translation>
        </message>
        <message>
            <source>30 minutes</source>
            <translation>30 Minuten</translation>
        </message>
        <message>
            <source>8 hours</source>
            <translation>8 Stunden</translation>
        </message>
        <message>
            <source>A copy of the old file is kept. opencode reads its file only at start.</source>
            <translation>Eine Kopie der alten Datei bleibt erhalten. opencode liest seine Datei nur beim Start.</translation>
        </message>
        <message>
            <source>A file llama-providers.json. Keys are not in it: they stay on the other computer.</source>
            <translation>Eine Datei llama-providers.json. Schlüssel enthält sie nicht: Die bleiben auf dem anderen Rechner.</translation>
        </message>
        <message>
            <source>A header of this provider holds characters that cannot be sent.</source>
            <translation>Ein Header dieses Providers enthält nicht sendbare Zeichen.</translation>
        </message>
        <message>
            <source>A host goes down</source>
            <translation>Ein Host geht offline</translation>
        </message>
        <message>
            <source>A host is back</source>
            <translation>Ein Host ist wieder da</translation>
        </message>
        <message>
            <source>A host needs a key</source>
            <translation>Ein Host braucht einen Schlüssel</translation>
        </message>
        <message>
            <source>A key is stored. Type another one to replace it.</source>
            <translation>Ein Schlüssel ist gespeichert. Ein neuer ersetzt ihn.</translation>
        </message>
        <message>
            <source>A load fails</source>
            <translation>Ein Laden schlägt fehl</translation>
        </message>
        <message>
            <source>A MAC address looks like 3c:52:82:1a:0f:77.</source>
            <translation>Eine MAC-Adresse sieht so aus: 3c:52:82:1a:0f:77.</translation>
        </message>
        <message>
            <source>A model becomes slow</source>
            <translation>Ein Modell wird langsam</translation>
        </message>
        <message>
            <source>A newer llama-swap tells more: loading states, activity, figures.</source>
            <translation>Ein neueres llama-swap nennt mehr: Ladezustände, Aktivität, Werte.</translation>
        </message>
        <message>
            <source>A scene is a set of models that are loaded together with one click.</source>
            <translation>Eine Szene ist eine Gruppe von Modellen, die mit einem Klick zusammen geladen werden.</translation>
        </message>
        <message>
            <source>A scene is a set of models that are loaded together.</source>
            <translation>Eine Szene ist eine Gruppe von Modellen, die zusammen geladen werden.</translation>
        </message>
        <message>
            <source>a simulated fleet, nothing of yours is touched</source>
            <translation>eine simulierte Flotte, nichts Eigenes wird berührt</translation>
        </message>
        <message>
            <source>A small context in {models}: opencode's own prompt takes 7-8k tokens.</source>
            <translation>Ein kleiner Kontext bei {models}: Allein die Eingabe von opencode braucht 7–8k Token.</translation>
        </message>
        <message>
            <source>a terminal</source>
            <translation>ein Terminal</translation>
        </message>
        <message>
            <source>A wake-up packet was sent.</source>
            <translation>Ein Weckpaket wurde gesendet.</translation>
        </message>
        <message>
            <source>A web page answers at {where}, not a model server.</source>
            <translation>An {where} antwortet eine Webseite, kein Modellserver.</translation>
        </message>
        <message>
            <source>About</source>
            <translation>Info</translation>
        </message>
        <message>
            <source>About this model</source>
            <translation>Über dieses Modell</translation>
        </message>
        <message>
            <source>About this request</source>
            <translation>Über diese Anfrage</translation>
        </message>
        <message>
            <source>accepted</source>
            <translation>angenommen</translation>
        </message>
        <message>
            <source>Actions</source>
            <translation>Aktionen</translation>
        </message>
        <message>
            <source>actions only</source>
            <translation>nur Aktionen</translation>
        </message>
        <message>
            <source>Activity</source>
            <translation>Aktivität</translation>
        </message>
        <message>
            <source>Add %1</source>
            <translation>%1 hinzufügen</translation>
        </message>
        <message>
            <source>Add %1 and go on</source>
            <translation>%1 hinzufügen und weiter</translation>
        </message>
        <message>
            <source>Add a host</source>
            <translation>Einen Host hinzufügen</translation>
        </message>
        <message>
            <source>Add a provider first.</source>
            <translation>Zuerst einen Provider hinzufügen.</translation>
        </message>
        <message>
            <source>Add host</source>
            <translation>Host hinzufügen</translation>
        </message>
        <message>
            <source>Add one by address</source>
            <translation>Über die Adresse hinzufügen</translation>
        </message>
        <message>
            <source>Add the address of its network card to its entry.</source>
            <translation>Die Adresse seiner Netzwerkkarte eintragen.</translation>
        </message>
        <message>
            <source>Add the first llama-swap host.</source>
            <translation>Den ersten llama-swap-Host hinzufügen.</translation>
        </message>
        <message>
            <source>Add the hosts that are not here yet</source>
            <translation>Noch fehlende Hosts hinzufügen</translation>
        </message>
        <message>
            <source>Add to Favorites</source>
            <translation>Zu den Favoriten hinzufügen</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>Adresse</translation>
        </message>
        <message>
            <source>Address of the gateway</source>
            <translation>Adresse des Gateways</translation>
        </message>
        <message>
            <source>After 2 good checks, and only if its fall was told.</source>
            <translation>Nach 2 guten Prüfungen und nur, wenn der Ausfall gemeldet wurde.</translation>
        </message>
        <message>
            <source>After 3 failed checks. Hosts marked often off are not told.</source>
            <translation>Nach 3 fehlgeschlagenen Prüfungen. Als „oft aus“ markierte Hosts werden nicht gemeldet.</translation>
        </message>
        <message>
            <source>After this it counts as down, and requests that waited for it fail.</source>
            <translation>Danach gilt er als offline, und wartende Anfragen schlagen fehl.</translation>
        </message>
        <message>
            <source>After this, comments keep clients from giving up.</source>
            <translation>Danach verhindern Kommentare, dass Clients aufgeben.</translation>
        </message>
        <message>
            <source>after {span} in memory</source>
            <translation>nach {span} im Speicher</translation>
        </message>
        <message>
            <source>Age</source>
            <translation>Alter</translation>
        </message>
        <message>
            <source>Agent</source>
            <translation>Agent</translation>
        </message>
        <message>
            <source>Agents</source>
            <translation>Agenten</translation>
        </message>
        <message>
            <source>Alert again</source>
            <translation>Wieder melden</translation>
        </message>
        <message>
            <source>Alerts</source>
            <translation>Meldungen</translation>
        </message>
        <message>
            <source>Alerts are silent until {time}.</source>
            <translation>Meldungen sind bis {time} stumm.</translation>
        </message>
        <message>
            <source>All activity</source>
            <translation>Alle Aktivität</translation>
        </message>
        <message>
            <source>All events</source>
            <translation>Alle Ereignisse</translation>
        </message>
        <message>
            <source>All hosts</source>
            <translation>Alle Hosts</translation>
        </message>
        <message>
            <source>All models mixed</source>
            <translation>Alle Modelle gemischt</translation>
        </message>
        <message>
            <source>All models…</source>
            <translation>Alle Modelle…</translation>
        </message>
        <message>
            <source>All of them are in memory</source>
            <translation>Alle sind im Speicher</translation>
        </message>
        <message>
            <source>All that can chat</source>
            <translation>Alle, die chatten können</translation>
        </message>
        <message>
            <source>All that is kept</source>
            <translation>Alles Aufbewahrte</translation>
        </message>
        <message>
            <source>Also called</source>
            <translation>Heißt auch</translation>
        </message>
        <message>
            <source>An id holds lower-case letters, digits, dot, dash and underscore.</source>
            <translation>Eine Kennung besteht aus Kleinbuchstaben, Ziffern, Punkt, Binde- und Unterstrich.</translation>
        </message>
        <message>
            <source>and %1 lines more</source>
            <translation>und %1 weitere Zeilen</translation>
        </message>
        <message>
            <source>and %1 more</source>
            <translation>und %1 weitere</translation>
        </message>
        <message>
            <source>and {n} more</source>
            <translation>und {n} weitere</translation>
        </message>
        <message>
            <source>another address</source>
            <translation>andere Adresse</translation>
        </message>
        <message>
            <source>Another gateway</source>
            <translation>Ein anderes Gateway</translation>
        </message>
        <message>
            <source>Another gateway…</source>
            <translation>Anderes Gateway…</translation>
        </message>
        <message>
            <source>answering</source>
            <translation>antwortet</translation>
        </message>
        <message>
            <source>Any</source>
            <translation>Alle</translation>
        </message>
        <message>
            <source>Any context</source>
            <translation>Jeder Kontext</translation>
        </message>
        <message>
            <source>Any form works: with or without http://, /v1 or /ui.</source>
            <translation>Jede Form geht: mit oder ohne http://, /v1 oder /ui.</translation>
        </message>
        <message>
            <source>any host</source>
            <translation>beliebiger Host</translation>
        </message>
        <message>
            <source>Any outcome</source>
            <translation>Jeder Ausgang</translation>
        </message>
        <message>
            <source>API key of {host}</source>
            <translation>API-Schlüssel von {host}</translation>
        </message>
        <message>
            <source>Apply</source>
            <translation>Anwenden</translation>
        </message>
        <message>
            <source>Apply scene {name}…</source>
            <translation>Szene {name} anwenden…</translation>
        </message>
        <message>
            <source>Apply “{name}”?</source>
            <translation>„{name}“ anwenden?</translation>
        </message>
        <message>
            <source>As the test finds it</source>
            <translation>Wie der Test es erkennt</translation>
        </message>
        <message>
            <source>Ask again.</source>
            <translation>Erneut fragen.</translation>
        </message>
        <message>
            <source>Ask for the key on this computer</source>
            <translation>Auch auf diesem Rechner den Schlüssel verlangen</translation>
        </message>
        <message>
            <source>asked by {who}</source>
            <translation>Auftrag: {who}</translation>
        </message>
        <message>
            <source>Asked for as</source>
            <translation>Angefragt als</translation>
        </message>
        <message>
            <source>asked to end</source>
            <translation>Abbruch angefragt</translation>
        </message>
        <message numerus="yes">
            <source>asked, %n s</source>
            <translation>
                <numerusform>angefragt, %n s</numerusform>
                <numerusform>angefragt, %n s</numerusform>
            </translation>
        </message>
        <message>
            <source>asked, {span}</source>
            <translation>angefragt, {span}</translation>
        </message>
        <message>
            <source>Asking for the log</source>
            <translation>Protokoll wird angefordert</translation>
        </message>
        <message>
            <source>at least %s</source>
            <translation>mindestens %s</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>Back to the fleet (Alt+Left)</source>
            <translation>Zurück zur Flotte (Alt+Links)</translation>
        </message>
        <message>
            <source>BooControl</source>
            <translation>BooControl</translation>
        </message>
        <message>
            <source>BooControl goes on in the tray</source>
            <translation>BooControl läuft im Infobereich weiter</translation>
        </message>
        <message>
            <source>BooControl is taken out of the file.</source>
            <translation>BooControl ist aus der Datei entfernt.</translation>
        </message>
        <message>
            <source>BooControl starts with your session, in the tray where there is one.</source>
            <translation>BooControl startet mit der Sitzung, im Infobereich, wo es einen gibt.</translation>
        </message>
        <message>
            <source>BooControl watches your llama-swap hosts and gives them one address.</source>
            <translation>BooControl überwacht die llama-swap-Hosts und gibt ihnen eine gemeinsame Adresse.</translation>
        </message>
        <message>
            <source>Bring the gateway and this program to the same version.</source>
            <translation>Gateway und dieses Programm auf dieselbe Version bringen.</translation>
        </message>
        <message>
            <source>Busy</source>
            <translation>Beschäftigt</translation>
        </message>
        <message>
            <source>by the host itself</source>
            <translation>vom Host selbst</translation>
        </message>
        <message>
            <source>by the names %1</source>
            <translation>unter den Namen %1</translation>
        </message>
        <message>
            <source>by {model}</source>
            <translation>von {model}</translation>
        </message>
        <message>
            <source>CA file</source>
            <translation>CA-Datei</translation>
        </message>
        <message>
            <source>Called by loopback and by addresses</source>
            <translation>Aufruf über Loopback und Adressen</translation>
        </message>
        <message>
            <source>Came</source>
            <translation>Eingang</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Cancel all</source>
            <translation>Alle abbrechen</translation>
        </message>
        <message>
            <source>Cancel loading</source>
            <translation>Laden abbrechen</translation>
        </message>
        <message>
            <source>Cancel loading {model}</source>
            <translation>Laden von {model} abbrechen</translation>
        </message>
        <message>
            <source>Cancel loading {model}?</source>
            <translation>Laden von {model} abbrechen?</translation>
        </message>
        <message>
            <source>Cancel the request of {client}</source>
            <translation>Anfrage von {client} abbrechen</translation>
        </message>
        <message>
            <source>cancelled</source>
            <translation>abgebrochen</translation>
        </message>
        <message>
            <source>Cancelled by {who}.</source>
            <translation>Abgebrochen von {who}.</translation>
        </message>
        <message>
            <source>Cannot be read</source>
            <translation>Nicht lesbar</translation>
        </message>
        <message>
            <source>Cannot tell</source>
            <translation>Nicht bekannt</translation>
        </message>
        <message>
            <source>Change</source>
            <translation>Ändern</translation>
        </message>
        <message>
            <source>Change who may call it</source>
            <translation>Ändern, wer es aufrufen darf</translation>
        </message>
        <message>
            <source>changed</source>
            <translation>geändert</translation>
        </message>
        <message>
            <source>Check all hosts now</source>
            <translation>Alle Hosts jetzt prüfen</translation>
        </message>
        <message>
            <source>Check that it is on, the network or VPN, and its firewall.</source>
            <translation>Prüfen, ob er an ist, dazu Netz oder VPN und seine Firewall.</translation>
        </message>
        <message>
            <source>Check the address, its port and its path.</source>
            <translation>Adresse, Port und Pfad prüfen.</translation>
        </message>
        <message>
            <source>Check the address.</source>
            <translation>Die Adresse prüfen.</translation>
        </message>
        <message>
            <source>Check the address; a proxy may stand between.</source>
            <translation>Die Adresse prüfen; vielleicht steht ein Proxy dazwischen.</translation>
        </message>
        <message>
            <source>Check the certificate</source>
            <translation>Zertifikat prüfen</translation>
        </message>
        <message>
            <source>Check the key for missing characters, and that it is this host's.</source>
            <translation>Prüfen, ob dem Schlüssel Zeichen fehlen und ob er zu diesem Host gehört.</translation>
        </message>
        <message>
            <source>Check the network and the VPN.</source>
            <translation>Netz und VPN prüfen.</translation>
        </message>
        <message>
            <source>Check the path, its permissions and the free space.</source>
            <translation>Pfad, Rechte und freien Platz prüfen.</translation>
        </message>
        <message>
            <source>Check the port and the brackets of an IPv6 address.</source>
            <translation>Den Port und die Klammern einer IPv6-Adresse prüfen.</translation>
        </message>
        <message>
            <source>Check the port and what listens there.</source>
            <translation>Den Port prüfen und was dort lauscht.</translation>
        </message>
        <message>
            <source>Check the port, and http:// against https://.</source>
            <translation>Den Port prüfen und http:// gegen https://.</translation>
        </message>
        <message>
            <source>Check the rights of the key, or the proxy in front of the host.</source>
            <translation>Die Rechte des Schlüssels oder den Proxy vor dem Host prüfen.</translation>
        </message>
        <message>
            <source>Check the spelling, DNS and the VPN.</source>
            <translation>Schreibweise, DNS und VPN prüfen.</translation>
        </message>
        <message>
            <source>Check what listens there, and look at its log.</source>
            <translation>Prüfen, was dort lauscht, und in sein Protokoll sehen.</translation>
        </message>
        <message>
            <source>Check what listens there.</source>
            <translation>Prüfen, was dort lauscht.</translation>
        </message>
        <message>
            <source>Checking</source>
            <translation>Wird geprüft</translation>
        </message>
        <message>
            <source>choose</source>
            <translation>wählen</translation>
        </message>
        <message>
            <source>Choose a file</source>
            <translation>Datei wählen</translation>
        </message>
        <message>
            <source>Choose another id, or edit that one.</source>
            <translation>Eine andere Kennung wählen oder jenen bearbeiten.</translation>
        </message>
        <message>
            <source>Choose another one.</source>
            <translation>Eine andere wählen.</translation>
        </message>
        <message>
            <source>Choose another place.</source>
            <translation>Einen anderen Ort wählen.</translation>
        </message>
        <message>
            <source>Choose another port.</source>
            <translation>Einen anderen Port wählen.</translation>
        </message>
        <message>
            <source>Choose models, or mark some as favorites.</source>
            <translation>Modelle wählen oder einige als Favoriten merken.</translation>
        </message>
        <message>
            <source>Choose one in the list to see where it is warm and how to call it.</source>
            <translation>Eines in der Liste wählen, um zu sehen, wo es geladen ist und wie es aufgerufen wird.</translation>
        </message>
        <message>
            <source>Choose the kind {kind}.</source>
            <translation>Die Art {kind} wählen.</translation>
        </message>
        <message>
            <source>Chosen hosts</source>
            <translation>Gewählte Hosts</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>Löschen</translation>
        </message>
        <message>
            <source>Clear filter</source>
            <translation>Filter löschen</translation>
        </message>
        <message>
            <source>Clear filters</source>
            <translation>Filter löschen</translation>
        </message>
        <message>
            <source>Clear view</source>
            <translation>Ansicht leeren</translation>
        </message>
        <message>
            <source>click to load</source>
            <translation>Klick lädt</translation>
        </message>
        <message>
            <source>Client</source>
            <translation>Client</translation>
        </message>
        <message>
            <source>client left</source>
            <translation>Client ging</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Closing the window keeps BooControl in the tray</source>
            <translation>Nach dem Schließen im Infobereich bleiben</translation>
        </message>
        <message>
            <source>cmd</source>
            <translation>Befehl</translation>
        </message>
        <message>
            <source>config</source>
            <translation>Konfig.</translation>
        </message>
        <message>
            <source>Connect</source>
            <translation>Verbinden</translation>
        </message>
        <message>
            <source>Context</source>
            <translation>Kontext</translation>
        </message>
        <message>
            <source>Context unknown for {models}: opencode will not compact in time.</source>
            <translation>Kontext unbekannt bei {models}: opencode wird nicht rechtzeitig verdichten.</translation>
        </message>
        <message>
            <source>context {n}</source>
            <translation>Kontext {n}</translation>
        </message>
        <message>
            <source>Contexts differ: {list}.</source>
            <translation>Kontexte verschieden: {list}.</translation>
        </message>
        <message>
            <source>Copied the details of a request</source>
            <translation>Einzelheiten einer Anfrage kopiert</translation>
        </message>
        <message>
            <source>Copied {text}</source>
            <translation>{text} kopiert</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>Copy address</source>
            <translation>Adresse kopieren</translation>
        </message>
        <message>
            <source>Copy as markdown</source>
            <translation>Als Markdown kopieren</translation>
        </message>
        <message>
            <source>Copy base URL</source>
            <translation>Basis-URL kopieren</translation>
        </message>
        <message>
            <source>Copy curl</source>
            <translation>curl-Befehl kopieren</translation>
        </message>
        <message>
            <source>Copy details</source>
            <translation>Einzelheiten kopieren</translation>
        </message>
        <message>
            <source>Copy fleet name</source>
            <translation>Flottennamen kopieren</translation>
        </message>
        <message>
            <source>Copy gateway address</source>
            <translation>Gateway-Adresse kopieren</translation>
        </message>
        <message>
            <source>Copy id</source>
            <translation>Kennung kopieren</translation>
        </message>
        <message>
            <source>Copy it anew, on one line.</source>
            <translation>Neu kopieren, in einer Zeile.</translation>
        </message>
        <message>
            <source>Copy key</source>
            <translation>Schlüssel kopieren</translation>
        </message>
        <message>
            <source>Copy model id</source>
            <translation>Modellkennung kopieren</translation>
        </message>
        <message>
            <source>Copy name {ref}</source>
            <translation>Name {ref} kopieren</translation>
        </message>
        <message>
            <source>Copy report</source>
            <translation>Bericht kopieren</translation>
        </message>
        <message>
            <source>copy, paste, done</source>
            <translation>kopieren, einfügen, fertig</translation>
        </message>
        <message>
            <source>Correct it where the gateway runs.</source>
            <translation>Dort berichtigen, wo das Gateway läuft.</translation>
        </message>
        <message>
            <source>Correct the file; until then the last good registry stays in force.</source>
            <translation>Die Datei berichtigen; bis dahin gilt die letzte gültige Liste.</translation>
        </message>
        <message>
            <source>Correct the provider's headers.</source>
            <translation>Die Header des Providers berichtigen.</translation>
        </message>
        <message>
            <source>Correct the value; nothing was changed.</source>
            <translation>Den Wert berichtigen; nichts wurde geändert.</translation>
        </message>
        <message>
            <source>could not be made</source>
            <translation>nicht möglich</translation>
        </message>
        <message>
            <source>CPU {use}</source>
            <translation>CPU {use}</translation>
        </message>
        <message>
            <source>CSV, for a spreadsheet…</source>
            <translation>CSV, für eine Tabelle…</translation>
        </message>
        <message>
            <source>Cut and apply</source>
            <translation>Trotzdem anwenden</translation>
        </message>
        <message>
            <source>Cut and quit</source>
            <translation>Abbrechen und beenden</translation>
        </message>
        <message>
            <source>Cut and stop</source>
            <translation>Abbrechen und anhalten</translation>
        </message>
        <message>
            <source>Cut and unload</source>
            <translation>Abbrechen und entladen</translation>
        </message>
        <message>
            <source>cut off</source>
            <translation>abgeschnitten</translation>
        </message>
        <message>
            <source>cut off: the line is too long</source>
            <translation>abgeschnitten: die Zeile ist zu lang</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Dunkel</translation>
        </message>
        <message>
            <source>default</source>
            <translation>Standard</translation>
        </message>
        <message>
            <source>default host</source>
            <translation>Standard-Host</translation>
        </message>
        <message>
            <source>Default model</source>
            <translation>Standardmodell</translation>
        </message>
        <message>
            <source>Degraded</source>
            <translation>Gestört</translation>
        </message>
        <message>
            <source>Demo</source>
            <translation>Demo</translation>
        </message>
        <message>
            <source>Details</source>
            <translation>Einzelheiten</translation>
        </message>
        <message>
            <source>Details beside the list</source>
            <translation>Einzelheiten neben der Liste</translation>
        </message>
        <message>
            <source>did not start</source>
            <translation>startete nicht</translation>
        </message>
        <message>
            <source>Difference</source>
            <translation>Unterschied</translation>
        </message>
        <message>
            <source>Dismiss</source>
            <translation>Ausblenden</translation>
        </message>
        <message>
            <source>do</source>
            <translation>ausführen</translation>
        </message>
        <message>
            <source>Does its network card listen for wake-up packets, and is it in the same network?</source>
            <translation>Hört seine Netzwerkkarte auf Weckpakete, und ist er im selben Netz?</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>done</source>
            <translation>fertig</translation>
        </message>
        <message>
            <source>Down</source>
            <translation>Offline</translation>
        </message>
        <message>
            <source>Down</source>
            <comment>key</comment>
            <translation>Runter</translation>
        </message>
        <message>
            <source>dropped by the host</source>
            <translation>vom Host verworfen</translation>
        </message>
        <message>
            <source>dropped: the host writes more than can be passed on</source>
            <translation>verworfen: der Host schreibt mehr, als weitergegeben werden kann</translation>
        </message>
        <message>
            <source>dropped: this reader was too slow</source>
            <translation>verworfen: dieser Leser war zu langsam</translation>
        </message>
        <message>
            <source>dropped: too much was waiting here</source>
            <translation>verworfen: hier wartete zu viel</translation>
        </message>
        <message>
            <source>Duration</source>
            <translation>Dauer</translation>
        </message>
        <message>
            <source>Each is read once it is back.</source>
            <translation>Jeder wird gelesen, sobald er wieder da ist.</translation>
        </message>
        <message>
            <source>Edit</source>
            <translation>Bearbeiten</translation>
        </message>
        <message>
            <source>Edit %1</source>
            <translation>%1 bearbeiten</translation>
        </message>
        <message>
            <source>Edit that one, unless you want the same host twice.</source>
            <translation>Jenen bearbeiten, wenn der Host nicht doppelt gewollt ist.</translation>
        </message>
        <message>
            <source>Edit…</source>
            <translation>Bearbeiten…</translation>
        </message>
        <message>
            <source>Elapsed</source>
            <translation>Dauer</translation>
        </message>
        <message>
            <source>embeddings</source>
            <translation>Embeddings</translation>
        </message>
        <message>
            <source>Ended</source>
            <translation>Beendet</translation>
        </message>
        <message>
            <source>Ended by</source>
            <translation>Beendet von</translation>
        </message>
        <message>
            <source>Endpoint</source>
            <translation>Endpunkt</translation>
        </message>
        <message>
            <source>Enter</source>
            <translation>Enter</translation>
        </message>
        <message>
            <source>Enter the address itself. If a login page stands in front, let the gateway pass it without one.</source>
            <translation>Die Adresse selbst eingeben. Steht eine Anmeldeseite davor, muss sie das Gateway ohne Anmeldung durchlassen.</translation>
        </message>
        <message>
            <source>Enter the address of the model server itself; its port is often 8080.</source>
            <translation>Die Adresse des Modellservers selbst eingeben; sein Port ist oft 8080.</translation>
        </message>
        <message>
            <source>error in the answer</source>
            <translation>Fehler in der Antwort</translation>
        </message>
        <message>
            <source>Esc</source>
            <translation>Esc</translation>
        </message>
        <message>
            <source>Events</source>
            <translation>Ereignisse</translation>
        </message>
        <message>
            <source>everything</source>
            <translation>alles</translation>
        </message>
        <message>
            <source>Everything is as “{name}” wants it.</source>
            <translation>Alles ist so, wie „{name}“ es will.</translation>
        </message>
        <message>
            <source>Everywhere</source>
            <translation>Überall</translation>
        </message>
        <message>
            <source>exactly that model on exactly that host</source>
            <translation>genau dieses Modell auf genau diesem Host</translation>
        </message>
        <message>
            <source>Except for loads that you ask for in this window: those are told there.</source>
            <translation>Nicht bei Ladevorgängen aus diesem Fenster: Die werden dort gezeigt.</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>Exportieren</translation>
        </message>
        <message>
            <source>Export requests</source>
            <translation>Anfragen exportieren</translation>
        </message>
        <message>
            <source>Failed</source>
            <translation>Fehlgeschlagen</translation>
        </message>
        <message>
            <source>failed</source>
            <translation>fehlgeschlagen</translation>
        </message>
        <message>
            <source>Fast model</source>
            <translation>Schnelles Modell</translation>
        </message>
        <message>
            <source>Favorite</source>
            <translation>Favorit</translation>
        </message>
        <message>
            <source>Favorites</source>
            <translation>Favoriten</translation>
        </message>
        <message>
            <source>Favorites that are not available now: {models}.</source>
            <translation>Zurzeit nicht verfügbare Favoriten: {models}.</translation>
        </message>
        <message>
            <source>fields to fill in</source>
            <translation>Felder zum Ausfüllen</translation>
        </message>
        <message>
            <source>Filter</source>
            <translation>Filtern</translation>
        </message>
        <message>
            <source>Filter by regex</source>
            <translation>Nach Regex filtern</translation>
        </message>
        <message>
            <source>Filter by words</source>
            <translation>Nach Wörtern filtern</translation>
        </message>
        <message>
            <source>Filter hosts</source>
            <translation>Hosts filtern</translation>
        </message>
        <message>
            <source>Filter what this page shows</source>
            <translation>Diese Seite filtern</translation>
        </message>
        <message>
            <source>Filter: model, host, who</source>
            <translation>Filter: Modell, Host, wer</translation>
        </message>
        <message>
            <source>Find a host, model, page or action</source>
            <translation>Host, Modell, Seite oder Aktion finden</translation>
        </message>
        <message>
            <source>Find and do</source>
            <translation>Suchen und ausführen</translation>
        </message>
        <message>
            <source>Find hosts</source>
            <translation>Hosts finden</translation>
        </message>
        <message>
            <source>First look</source>
            <translation>Erste Prüfung</translation>
        </message>
        <message>
            <source>First token</source>
            <translation>Erstes Token</translation>
        </message>
        <message>
            <source>first token after {time}</source>
            <translation>erstes Token nach {time}</translation>
        </message>
        <message>
            <source>First token p50</source>
            <translation>Erstes Token p50</translation>
        </message>
        <message>
            <source>First, in a terminal: %1</source>
            <translation>Zuerst im Terminal: %1</translation>
        </message>
        <message>
            <source>Fleet</source>
            <translation>Flotte</translation>
        </message>
        <message>
            <source>Fleet name</source>
            <translation>Flottenname</translation>
        </message>
        <message>
            <source>Following</source>
            <translation>Folgt</translation>
        </message>
        <message>
            <source>For %1.</source>
            <translation>Für %1.</translation>
        </message>
        <message>
            <source>for example: Coding</source>
            <translation>zum Beispiel: Programmieren</translation>
        </message>
        <message>
            <source>For titles and other small tasks.</source>
            <translation>Für Titel und andere kleine Aufgaben.</translation>
        </message>
        <message>
            <source>for {span}</source>
            <translation>seit {span}</translation>
        </message>
        <message>
            <source>for {span}, since {time}</source>
            <translation>für {span}, seit {time}</translation>
        </message>
        <message>
            <source>Found</source>
            <translation>Gefunden</translation>
        </message>
        <message>
            <source>Found on this computer</source>
            <translation>Auf diesem Rechner gefunden</translation>
        </message>
        <message>
            <source>four settings</source>
            <translation>vier Einstellungen</translation>
        </message>
        <message>
            <source>Freshness</source>
            <translation>Aktualität</translation>
        </message>
        <message>
            <source>From the cache</source>
            <translation>Aus dem Cache</translation>
        </message>
        <message>
            <source>Gateway</source>
            <translation>Gateway</translation>
        </message>
        <message>
            <source>Gateway address matches</source>
            <translation>Gateway-Adresse stimmt</translation>
        </message>
        <message>
            <source>Gateway failed</source>
            <translation>Gateway gestört</translation>
        </message>
        <message>
            <source>Gateway lost</source>
            <translation>Gateway weg</translation>
        </message>
        <message>
            <source>Gateway lost, trying again</source>
            <translation>Gateway weg, neuer Versuch läuft</translation>
        </message>
        <message>
            <source>Gateway on port {port}</source>
            <translation>Gateway an Port {port}</translation>
        </message>
        <message>
            <source>Gateway running</source>
            <translation>Gateway läuft</translation>
        </message>
        <message>
            <source>Gateway starting</source>
            <translation>Gateway startet</translation>
        </message>
        <message>
            <source>Gateway stopped</source>
            <translation>Gateway angehalten</translation>
        </message>
        <message>
            <source>gateway stopped</source>
            <translation>Gateway angehalten</translation>
        </message>
        <message>
            <source>General</source>
            <translation>Allgemein</translation>
        </message>
        <message>
            <source>Give the model 16k or more on its host.</source>
            <translation>Dem Modell auf seinem Host 16k oder mehr geben.</translation>
        </message>
        <message>
            <source>Give the provider the certificate of its authority (caFile), or turn verifyTls off for it.</source>
            <translation>Dem Provider das Zertifikat seiner Stelle geben (caFile) oder verifyTls für ihn ausschalten.</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>Go to a page</source>
            <translation>Zu einer Seite</translation>
        </message>
        <message>
            <source>Go to the end</source>
            <translation>Zum Ende</translation>
        </message>
        <message>
            <source>GPU</source>
            <translation>GPU</translation>
        </message>
        <message>
            <source>GPU figures are not known now.</source>
            <translation>GPU-Werte sind zurzeit unbekannt.</translation>
        </message>
        <message>
            <source>GPU unknown</source>
            <translation>GPU unbekannt</translation>
        </message>
        <message>
            <source>GPU {n}</source>
            <translation>GPU {n}</translation>
        </message>
        <message>
            <source>GPU {use}</source>
            <translation>GPU {use}</translation>
        </message>
        <message>
            <source>GPUs</source>
            <translation>GPUs</translation>
        </message>
        <message>
            <source>Grey: not checked, the gateway was not running.</source>
            <translation>Grau: nicht geprüft, das Gateway lief nicht.</translation>
        </message>
        <message>
            <source>has not told yet</source>
            <translation>noch keine Angabe</translation>
        </message>
        <message>
            <source>Health</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>Health: last {n} checks</source>
            <translation>Zustand: letzte {n} Prüfungen</translation>
        </message>
        <message>
            <source>Heat</source>
            <translation>Wärme</translation>
        </message>
        <message>
            <source>Hidden by the filter {names}: {n}.</source>
            <translation>Durch den Filter {names} verborgen: {n}.</translation>
        </message>
        <message>
            <source>Hidden by the filter: {n}.</source>
            <translation>Durch den Filter verborgen: {n}.</translation>
        </message>
        <message>
            <source>Hidden by the search: {n}.</source>
            <translation>Durch die Suche verborgen: {n}.</translation>
        </message>
        <message>
            <source>Hide</source>
            <translation>Verbergen</translation>
        </message>
        <message>
            <source>Hide snippet</source>
            <translation>Beispiel verbergen</translation>
        </message>
        <message>
            <source>Hide the key</source>
            <translation>Schlüssel verbergen</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Verlauf</translation>
        </message>
        <message>
            <source>holds no address</source>
            <translation>enthält keine Adresse</translation>
        </message>
        <message>
            <source>Host</source>
            <translation>Host</translation>
        </message>
        <message>
            <source>Host down</source>
            <translation>Host offline</translation>
        </message>
        <message>
            <source>host failed</source>
            <translation>Host versagte</translation>
        </message>
        <message>
            <source>host is busy</source>
            <translation>Host ist beschäftigt</translation>
        </message>
        <message>
            <source>host is down</source>
            <translation>Host ist offline</translation>
        </message>
        <message>
            <source>host is paused</source>
            <translation>Host ist pausiert</translation>
        </message>
        <message>
            <source>Host names by which it may be called, besides loopback and addresses.</source>
            <translation>Rechnernamen, unter denen es aufgerufen werden darf, außer Loopback und Adressen.</translation>
        </message>
        <message>
            <source>Host needs a key</source>
            <translation>Host braucht einen Schlüssel</translation>
        </message>
        <message>
            <source>host redirects</source>
            <translation>Host leitet um</translation>
        </message>
        <message>
            <source>Host up again, gone for {span}</source>
            <translation>Host wieder online, war {span} weg</translation>
        </message>
        <message>
            <source>Host, model, page or action</source>
            <translation>Host, Modell, Seite oder Aktion</translation>
        </message>
        <message>
            <source>Hosts</source>
            <translation>Hosts</translation>
        </message>
        <message>
            <source>Hosts are in</source>
            <translation>Hosts stehen in</translation>
        </message>
        <message>
            <source>hosts only</source>
            <translation>nur Hosts</translation>
        </message>
        <message>
            <source>Hosts without notifications</source>
            <translation>Hosts ohne Meldungen</translation>
        </message>
        <message>
            <source>How BooControl looks. System follows the desktop where it tells.</source>
            <translation>Wie BooControl aussieht. „System“ folgt der Arbeitsumgebung, soweit sie es mitteilt.</translation>
        </message>
        <message>
            <source>How long it takes is not known yet.</source>
            <translation>Wie lange es dauert, ist noch nicht bekannt.</translation>
        </message>
        <message>
            <source>How to call it</source>
            <translation>So wird es aufgerufen</translation>
        </message>
        <message>
            <source>Id</source>
            <translation>Kennung</translation>
        </message>
        <message>
            <source>idle {span}</source>
            <translation>untätig {span}</translation>
        </message>
        <message>
            <source>If it is a plain server, type http:// instead of https://.</source>
            <translation>Bei einem Server ohne TLS http:// statt https:// eingeben.</translation>
        </message>
        <message>
            <source>Import</source>
            <translation>Importieren</translation>
        </message>
        <message>
            <source>Import %1 hosts</source>
            <translation>%1 Hosts importieren</translation>
        </message>
        <message>
            <source>Import 1 host</source>
            <translation>1 Host importieren</translation>
        </message>
        <message>
            <source>Import a file</source>
            <translation>Datei importieren</translation>
        </message>
        <message>
            <source>Import hosts</source>
            <translation>Hosts importieren</translation>
        </message>
        <message>
            <source>in</source>
            <translation>ein</translation>
        </message>
        <message>
            <source>In a file that only you can read.</source>
            <translation>In einer Datei, die nur dieser Benutzer lesen kann.</translation>
        </message>
        <message>
            <source>in for {span}</source>
            <translation>seit {span}</translation>
        </message>
        <message>
            <source>In lists</source>
            <translation>In Listen</translation>
        </message>
        <message>
            <source>in the cloud</source>
            <translation>in der Cloud</translation>
        </message>
        <message>
            <source>In the cloud: requests leave your network</source>
            <translation>In der Cloud: Anfragen verlassen das eigene Netz</translation>
        </message>
        <message>
            <source>in the file</source>
            <translation>in der Datei</translation>
        </message>
        <message>
            <source>in the system keyring</source>
            <translation>im Schlüsselbund des Systems</translation>
        </message>
        <message>
            <source>in the variable {name}</source>
            <translation>in der Variablen {name}</translation>
        </message>
        <message>
            <source>in, {span}</source>
            <translation>geladen, {span}</translation>
        </message>
        <message>
            <source>Inventory as of</source>
            <translation>Bestand von</translation>
        </message>
        <message>
            <source>is as quick as usual again</source>
            <translation>ist wieder so schnell wie üblich</translation>
        </message>
        <message>
            <source>is here already</source>
            <translation>ist schon da</translation>
        </message>
        <message>
            <source>Is it running? Start it with: boocontrol gateway</source>
            <translation>Läuft es? Starten mit: boocontrol gateway</translation>
        </message>
        <message>
            <source>Is it switched on, awake and on the network? Does a firewall drop the call?</source>
            <translation>Ist er eingeschaltet, wach und im Netz? Blockiert eine Firewall?</translation>
        </message>
        <message>
            <source>is loaded</source>
            <translation>wird geladen</translation>
        </message>
        <message>
            <source>is not set</source>
            <translation>ist nicht gesetzt</translation>
        </message>
        <message>
            <source>is slower than usual</source>
            <translation>ist langsamer als üblich</translation>
        </message>
        <message>
            <source>is starting</source>
            <translation>startet</translation>
        </message>
        <message>
            <source>is unloaded</source>
            <translation>wird entladen</translation>
        </message>
        <message>
            <source>It answers, but refuses us</source>
            <translation>Er antwortet, weist aber ab</translation>
        </message>
        <message>
            <source>It comes and goes. No more alerts about it until it holds for 15 min.</source>
            <translation>Er kommt und geht. Keine weiteren Meldungen, bis er 15 min durchhält.</translation>
        </message>
        <message>
            <source>it could not be started</source>
            <translation>es konnte nicht gestartet werden</translation>
        </message>
        <message>
            <source>It had 1 model loaded.</source>
            <translation>1 Modell war geladen.</translation>
        </message>
        <message>
            <source>It had {n} models loaded.</source>
            <translation>{n} Modelle waren geladen.</translation>
        </message>
        <message>
            <source>it is looked for</source>
            <translation>es wird gesucht</translation>
        </message>
        <message>
            <source>It is marked as often off.</source>
            <translation>Er ist als „oft aus“ markiert.</translation>
        </message>
        <message>
            <source>It is used by %1.</source>
            <translation>Belegt von %1.</translation>
        </message>
        <message>
            <source>It keeps watching your hosts. Quit it from its menu; Settings can change this.</source>
            <translation>Die Hosts werden weiter überwacht. Beenden über das Menü; änderbar in den Einstellungen.</translation>
        </message>
        <message>
            <source>it listens; the window connects</source>
            <translation>es lauscht; das Fenster verbindet sich</translation>
        </message>
        <message>
            <source>It may push out {model}: llama-swap does not tell which models may stand side by side.</source>
            <translation>Es verdrängt vielleicht {model}: llama-swap teilt nicht mit, welche Modelle nebeneinander passen.</translation>
        </message>
        <message>
            <source>It may unload {model} ({requests}).</source>
            <translation>Entlädt vielleicht {model} ({requests}).</translation>
        </message>
        <message>
            <source>It may unload {model}.</source>
            <translation>Entlädt vielleicht {model}.</translation>
        </message>
        <message>
            <source>It pushes out {model}, as it did before.</source>
            <translation>Es verdrängt {model}, wie schon zuvor.</translation>
        </message>
        <message>
            <source>It replaces the scene of this name.</source>
            <translation>Sie ersetzt die Szene dieses Namens.</translation>
        </message>
        <message>
            <source>it runs and does not answer</source>
            <translation>es läuft und antwortet nicht</translation>
        </message>
        <message>
            <source>It runs at another address: it is watched from here, and started and stopped there.</source>
            <translation>Es läuft an anderer Adresse: Von hier aus wird zugesehen, gestartet und beendet wird es dort.</translation>
        </message>
        <message>
            <source>It unloads {model} ({requests}).</source>
            <translation>Entlädt {model} ({requests}).</translation>
        </message>
        <message>
            <source>It unloads {model}.</source>
            <translation>Entlädt {model}.</translation>
        </message>
        <message>
            <source>It usually takes {span} ({seen}).</source>
            <translation>Dauert meist {span} ({seen}).</translation>
        </message>
        <message>
            <source>It was away for {time}.</source>
            <translation>War {time} weg.</translation>
        </message>
        <message>
            <source>It was not loaded.</source>
            <translation>Es wurde nicht geladen.</translation>
        </message>
        <message>
            <source>It was removed.</source>
            <translation>Er wurde entfernt.</translation>
        </message>
        <message>
            <source>It was woken and does not answer.</source>
            <translation>Er wurde geweckt und antwortet nicht.</translation>
        </message>
        <message>
            <source>Its last words:
{log}</source>
            <translation>Letzte Ausgaben:
{log}</translation>
        </message>
        <message>
            <source>Its log is read once it is back.</source>
            <translation>Sein Protokoll wird gelesen, sobald er wieder da ist.</translation>
        </message>
        <message>
            <source>Its log tells where; the request can be repeated.</source>
            <translation>Sein Protokoll sagt, wo; die Anfrage kann wiederholt werden.</translation>
        </message>
        <message>
            <source>JSON, for a program…</source>
            <translation>JSON, für ein Programm…</translation>
        </message>
        <message>
            <source>just now</source>
            <translation>gerade eben</translation>
        </message>
        <message>
            <source>Keep it</source>
            <translation>Behalten</translation>
        </message>
        <message>
            <source>Keep it in step by itself</source>
            <translation>Selbsttätig aktuell halten</translation>
        </message>
        <message>
            <source>Keep opencode in step</source>
            <translation>opencode aktuell halten</translation>
        </message>
        <message>
            <source>Keep single measurements for</source>
            <translation>Einzelne Messwerte behalten</translation>
        </message>
        <message>
            <source>Keep the history for</source>
            <translation>Verlauf behalten</translation>
        </message>
        <message>
            <source>keeps the broken file as a copy beside it</source>
            <translation>hebt die fehlerhafte Datei als Kopie daneben auf</translation>
        </message>
        <message>
            <source>Kept although the host is not there now: {models}.</source>
            <translation>Behalten, obwohl der Host zurzeit nicht da ist: {models}.</translation>
        </message>
        <message>
            <source>Kept by the gateway, which is not there now.</source>
            <translation>Liegt beim Gateway, das zurzeit nicht da ist.</translation>
        </message>
        <message>
            <source>kept in the list, answers "offline" until %1 is back</source>
            <translation>bleibt in der Liste, antwortet „offline“, bis %1 wieder da ist</translation>
        </message>
        <message>
            <source>Kept in the system keyring, never in the file. Empty when none is needed.</source>
            <translation>Liegt im Schlüsselbund des Systems, nie in der Datei. Leer, wenn keiner nötig ist.</translation>
        </message>
        <message>
            <source>Kept in your system keyring, not in the file.</source>
            <translation>Liegt im Schlüsselbund des Systems, nicht in der Datei.</translation>
        </message>
        <message>
            <source>Key</source>
            <translation>Schlüssel</translation>
        </message>
        <message>
            <source>Key in BOOCONTROL_API_KEY</source>
            <translation>Schlüssel in BOOCONTROL_API_KEY</translation>
        </message>
        <message>
            <source>Key in its file</source>
            <translation>Schlüssel in der Datei</translation>
        </message>
        <message>
            <source>Key of the gateway</source>
            <translation>Schlüssel des Gateways</translation>
        </message>
        <message>
            <source>Key refused</source>
            <translation>Schlüssel abgelehnt</translation>
        </message>
        <message>
            <source>key refused</source>
            <translation>Schlüssel abgelehnt</translation>
        </message>
        <message>
            <source>Keyboard</source>
            <translation>Tastatur</translation>
        </message>
        <message>
            <source>Keyboard help</source>
            <translation>Tastaturhilfe</translation>
        </message>
        <message>
            <source>Kind</source>
            <translation>Art</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Sprache</translation>
        </message>
        <message>
            <source>Largest size of the history</source>
            <translation>Größter Umfang des Verlaufs</translation>
        </message>
        <message>
            <source>last 10 minutes</source>
            <translation>letzte 10 Minuten</translation>
        </message>
        <message>
            <source>Last 24 hours</source>
            <translation>Letzte 24 h</translation>
        </message>
        <message>
            <source>Last hour</source>
            <translation>Letzte Stunde</translation>
        </message>
        <message>
            <source>Last known, {age}:</source>
            <translation>Zuletzt bekannt, {age}:</translation>
        </message>
        <message>
            <source>Last known:</source>
            <translation>Zuletzt bekannt:</translation>
        </message>
        <message>
            <source>Last {n} days</source>
            <translation>Letzte {n} Tage</translation>
        </message>
        <message>
            <source>Latency</source>
            <translation>Latenz</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>Später</translation>
        </message>
        <message>
            <source>Least context</source>
            <translation>Kleinster Kontext</translation>
        </message>
        <message>
            <source>Leave it</source>
            <translation>So lassen</translation>
        </message>
        <message>
            <source>Leave it out and store the key as the provider's key.</source>
            <translation>Weglassen und den Schlüssel beim Provider speichern.</translation>
        </message>
        <message>
            <source>Leave that part out.</source>
            <translation>Diesen Teil weglassen.</translation>
        </message>
        <message>
            <source>Let it load</source>
            <translation>Weiter laden</translation>
        </message>
        <message>
            <source>Let them finish</source>
            <translation>Fertig werden lassen</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Hell</translation>
        </message>
        <message>
            <source>line %1, column %2</source>
            <translation>Zeile %1, Spalte %2</translation>
        </message>
        <message>
            <source>Line %1, column %2.</source>
            <translation>Zeile %1, Spalte %2.</translation>
        </message>
        <message>
            <source>Line {line}, column {column}: </source>
            <translation>Zeile {line}, Spalte {column}: </translation>
        </message>
        <message>
            <source>Lines appear as soon as the host tells them.</source>
            <translation>Zeilen erscheinen, sobald der Host sie meldet.</translation>
        </message>
        <message>
            <source>Lines appear once it is there again.</source>
            <translation>Zeilen erscheinen, sobald er wieder da ist.</translation>
        </message>
        <message>
            <source>Lines appear once it is there.</source>
            <translation>Zeilen erscheinen, sobald er da ist.</translation>
        </message>
        <message>
            <source>lines for {file}</source>
            <translation>Zeilen für {file}</translation>
        </message>
        <message>
            <source>list</source>
            <translation>Liste</translation>
        </message>
        <message>
            <source>List models</source>
            <translation>Modelle auflisten</translation>
        </message>
        <message>
            <source>live</source>
            <translation>live</translation>
        </message>
        <message>
            <source>live · {age}</source>
            <translation>live · {age}</translation>
        </message>
        <message>
            <source>llama-providers.json from another computer</source>
            <translation>llama-providers.json von einem anderen Rechner</translation>
        </message>
        <message>
            <source>llama-swap does not tell what it unloads, so this is what may happen.</source>
            <translation>llama-swap teilt nicht mit, was es entlädt; dies könnte geschehen.</translation>
        </message>
        <message>
            <source>llama-swap does not tell what it unloads.</source>
            <translation>llama-swap teilt nicht mit, was es entlädt.</translation>
        </message>
        <message>
            <source>llama-swap lets running requests end before it swaps; others wait meanwhile.</source>
            <translation>llama-swap lässt laufende Anfragen enden, bevor es wechselt; andere warten so lange.</translation>
        </message>
        <message>
            <source>Load</source>
            <translation>Laden</translation>
        </message>
        <message>
            <source>Load a model</source>
            <translation>Modell laden</translation>
        </message>
        <message>
            <source>Load anyway</source>
            <translation>Trotzdem laden</translation>
        </message>
        <message>
            <source>Load the model once, or set a context override for it.</source>
            <translation>Das Modell einmal laden oder den Kontext selbst festlegen.</translation>
        </message>
        <message>
            <source>Load the model, open the host or the request</source>
            <translation>Modell laden, Host oder Anfrage öffnen</translation>
        </message>
        <message>
            <source>Load {model}</source>
            <translation>{model} laden</translation>
        </message>
        <message>
            <source>Load {model} on {host}?</source>
            <translation>{model} auf {host} laden?</translation>
        </message>
        <message>
            <source>Loaded now</source>
            <translation>Zurzeit geladen</translation>
        </message>
        <message>
            <source>Loading %s models</source>
            <translation>%s Modelle werden geladen</translation>
        </message>
        <message>
            <source>Loading a large model takes minutes; after this the request fails.</source>
            <translation>Ein großes Modell braucht Minuten zum Laden; danach schlägt die Anfrage fehl.</translation>
        </message>
        <message>
            <source>Loading a model</source>
            <translation>Ein Modell wird geladen</translation>
        </message>
        <message>
            <source>loading {model}</source>
            <translation>lädt {model}</translation>
        </message>
        <message>
            <source>Loading {model} may push out a model that is in use.</source>
            <translation>{model} zu laden verdrängt vielleicht ein benutztes Modell.</translation>
        </message>
        <message>
            <source>Loading {model} pushes another model out of memory.</source>
            <translation>{model} zu laden verdrängt ein anderes Modell aus dem Speicher.</translation>
        </message>
        <message>
            <source>Loading {model} pushes out a model that is in use.</source>
            <translation>{model} zu laden verdrängt ein benutztes Modell.</translation>
        </message>
        <message>
            <source>Loading {new} pushed out {old} before.</source>
            <translation>{new} zu laden verdrängte zuvor {old}.</translation>
        </message>
        <message>
            <source>local</source>
            <translation>lokal</translation>
        </message>
        <message>
            <source>Log lines</source>
            <translation>Protokollzeilen</translation>
        </message>
        <message>
            <source>Logs</source>
            <translation>Protokolle</translation>
        </message>
        <message>
            <source>Longest wait for an answer to begin</source>
            <translation>Längste Wartezeit bis zum Beginn der Antwort</translation>
        </message>
        <message>
            <source>Look again</source>
            <translation>Neu suchen</translation>
        </message>
        <message>
            <source>Look around first</source>
            <translation>Erst umsehen</translation>
        </message>
        <message>
            <source>Look at its configuration; it can be added all the same.</source>
            <translation>Seine Konfiguration prüfen; hinzufügen geht trotzdem.</translation>
        </message>
        <message>
            <source>Look at its log.</source>
            <translation>In sein Protokoll sehen.</translation>
        </message>
        <message>
            <source>Look at that server, or at the proxy in front of it.</source>
            <translation>Den Server oder den Proxy davor prüfen.</translation>
        </message>
        <message>
            <source>Look at the difference again, then write.</source>
            <translation>Den Unterschied neu ansehen, dann schreiben.</translation>
        </message>
        <message>
            <source>Look at the host's log.</source>
            <translation>Ins Protokoll des Hosts sehen.</translation>
        </message>
        <message>
            <source>Look at the password service.</source>
            <translation>Den Passwortdienst prüfen.</translation>
        </message>
        <message>
            <source>Look at the server's log there.</source>
            <translation>Dort ins Protokoll des Servers sehen.</translation>
        </message>
        <message>
            <source>Look at the server's log.</source>
            <translation>Ins Protokoll des Servers sehen.</translation>
        </message>
        <message>
            <source>Look for its window: it may wait for you.</source>
            <translation>Nach seinem Fenster sehen: Es wartet vielleicht auf eine Eingabe.</translation>
        </message>
        <message>
            <source>Look for problems</source>
            <translation>Probleme suchen</translation>
        </message>
        <message>
            <source>looked just now</source>
            <translation>gerade nachgesehen</translation>
        </message>
        <message>
            <source>Looking</source>
            <translation>Sucht</translation>
        </message>
        <message>
            <source>looking</source>
            <translation>sucht</translation>
        </message>
        <message>
            <source>Looking at files, keyring, gateway and hosts.</source>
            <translation>Dateien, Schlüsselbund, Gateway und Hosts werden geprüft.</translation>
        </message>
        <message>
            <source>MAC</source>
            <translation>MAC</translation>
        </message>
        <message>
            <source>Make it a favorite</source>
            <translation>Als Favorit merken</translation>
        </message>
        <message>
            <source>Make it the default</source>
            <translation>Als Standard festlegen</translation>
        </message>
        <message>
            <source>Match before (Shift+F3)</source>
            <translation>Voriger Treffer (Umschalt+F3)</translation>
        </message>
        <message>
            <source>may be unloaded</source>
            <translation>wird vielleicht entladen</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>Speicher</translation>
        </message>
        <message>
            <source>memory unknown</source>
            <translation>Speicher unbekannt</translation>
        </message>
        <message>
            <source>Memory, GPUs and speed of hosts; after that only means of five minutes.</source>
            <translation>Speicher, GPUs und Tempo der Hosts; danach nur Mittelwerte über fünf Minuten.</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>model loads</source>
            <translation>Modell lädt</translation>
        </message>
        <message>
            <source>model loads, about {n} s left</source>
            <translation>Modell lädt, noch etwa {n} s</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>Modelle</translation>
        </message>
        <message>
            <source>models</source>
            <translation>Modelle</translation>
        </message>
        <message>
            <source>Models appear here once there is a host.</source>
            <translation>Modelle erscheinen hier, sobald es einen Host gibt.</translation>
        </message>
        <message>
            <source>Models will be called %1/…</source>
            <translation>Modelle werden %1/… heißen</translation>
        </message>
        <message>
            <source>Models {n}</source>
            <translation>Modelle {n}</translation>
        </message>
        <message>
            <source>More actions</source>
            <translation>Weitere Aktionen</translation>
        </message>
        <message>
            <source>More filters</source>
            <translation>Weitere Filter</translation>
        </message>
        <message>
            <source>More: id, kind, certificate, often off</source>
            <translation>Mehr: Kennung, Art, Zertifikat, oft aus</translation>
        </message>
        <message>
            <source>ms to the first token</source>
            <translation>ms bis zum ersten Token</translation>
        </message>
        <message>
            <source>Much slower than it usually is on its host.</source>
            <translation>Viel langsamer als sonst auf seinem Host.</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>Name a PEM file that can be read.</source>
            <translation>Eine lesbare PEM-Datei nennen.</translation>
        </message>
        <message>
            <source>Name in refs</source>
            <translation>Name in Verweisen</translation>
        </message>
        <message>
            <source>Name of %1</source>
            <translation>Name von %1</translation>
        </message>
        <message>
            <source>Name of the scene</source>
            <translation>Name der Szene</translation>
        </message>
        <message>
            <source>Names and web pages</source>
            <translation>Namen und Webseiten</translation>
        </message>
        <message>
            <source>names another computer: it stands below</source>
            <translation>nennt einen anderen Rechner: steht unten</translation>
        </message>
        <message>
            <source>Names of this gateway</source>
            <translation>Namen dieses Gateways</translation>
        </message>
        <message>
            <source>names one of these</source>
            <translation>nennt einen von diesen</translation>
        </message>
        <message>
            <source>needed a key</source>
            <translation>war gesperrt</translation>
        </message>
        <message>
            <source>Needs key</source>
            <translation>Gesperrt</translation>
        </message>
        <message>
            <source>needs key</source>
            <translation>gesperrt</translation>
        </message>
        <message>
            <source>New lines appear here as they are written.</source>
            <translation>Neue Zeilen erscheinen hier, während sie geschrieben werden.</translation>
        </message>
        <message>
            <source>Next match (F3)</source>
            <translation>Nächster Treffer (F3)</translation>
        </message>
        <message>
            <source>Next match in a log, and the one before</source>
            <translation>Nächster und voriger Treffer im Protokoll</translation>
        </message>
        <message>
            <source>no</source>
            <translation>nein</translation>
        </message>
        <message>
            <source>No address yet</source>
            <translation>Noch keine Adresse</translation>
        </message>
        <message>
            <source>No answer in time.</source>
            <translation>Keine rechtzeitige Antwort.</translation>
        </message>
        <message>
            <source>No answer.</source>
            <translation>Keine Antwort.</translation>
        </message>
        <message>
            <source>No connection to the gateway</source>
            <translation>Keine Verbindung zum Gateway</translation>
        </message>
        <message>
            <source>No difference to show</source>
            <translation>Kein Unterschied zu zeigen</translation>
        </message>
        <message>
            <source>No favorites yet</source>
            <translation>Noch keine Favoriten</translation>
        </message>
        <message>
            <source>No figures yet.</source>
            <translation>Noch keine Werte.</translation>
        </message>
        <message>
            <source>No gateway runs for {where}.</source>
            <translation>Für {where} läuft kein Gateway.</translation>
        </message>
        <message>
            <source>No GPU seen</source>
            <translation>Keine GPU erkannt</translation>
        </message>
        <message>
            <source>No host</source>
            <translation>Kein Host</translation>
        </message>
        <message>
            <source>No hosts yet</source>
            <translation>Noch keine Hosts</translation>
        </message>
        <message>
            <source>no inventory yet</source>
            <translation>noch kein Bestand</translation>
        </message>
        <message>
            <source>No key</source>
            <translation>Kein Schlüssel</translation>
        </message>
        <message>
            <source>No key is needed.</source>
            <translation>Kein Schlüssel nötig.</translation>
        </message>
        <message>
            <source>No log to show</source>
            <translation>Kein Protokoll zu zeigen</translation>
        </message>
        <message>
            <source>No longer a favorite</source>
            <translation>Kein Favorit mehr</translation>
        </message>
        <message>
            <source>No longer only {what}</source>
            <translation>Nicht mehr nur {what}</translation>
        </message>
        <message>
            <source>No model chosen</source>
            <translation>Kein Modell gewählt</translation>
        </message>
        <message>
            <source>No model is chosen, so opencode will offer none.</source>
            <translation>Kein Modell ist gewählt, also bietet opencode keines an.</translation>
        </message>
        <message>
            <source>No models</source>
            <translation>Keine Modelle</translation>
        </message>
        <message>
            <source>no models</source>
            <translation>keine Modelle</translation>
        </message>
        <message>
            <source>No models known yet</source>
            <translation>Noch keine Modelle bekannt</translation>
        </message>
        <message>
            <source>No outage.</source>
            <translation>Kein Ausfall.</translation>
        </message>
        <message>
            <source>No program opens this file.</source>
            <translation>Kein Programm öffnet diese Datei.</translation>
        </message>
        <message>
            <source>No request in this time.</source>
            <translation>Keine Anfrage in dieser Zeit.</translation>
        </message>
        <message>
            <source>No request of this time matches the filters.</source>
            <translation>Keine Anfrage dieser Zeit passt zu den Filtern.</translation>
        </message>
        <message>
            <source>No requests</source>
            <translation>Keine Anfragen</translation>
        </message>
        <message>
            <source>no requests</source>
            <translation>keine Anfragen</translation>
        </message>
        <message>
            <source>No requests in this time</source>
            <translation>Keine Anfragen in dieser Zeit</translation>
        </message>
        <message>
            <source>No requests of ours</source>
            <translation>Keine Anfragen von hier</translation>
        </message>
        <message>
            <source>No requests yet</source>
            <translation>Noch keine Anfragen</translation>
        </message>
        <message>
            <source>No setting has this name</source>
            <translation>Keine Einstellung heißt so</translation>
        </message>
        <message>
            <source>no stream came</source>
            <translation>kein Datenstrom kam</translation>
        </message>
        <message>
            <source>no such model</source>
            <translation>Modell unbekannt</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Keines</translation>
        </message>
        <message>
            <source>none</source>
            <translation>keine</translation>
        </message>
        <message>
            <source>None of these hosts can be read now</source>
            <translation>Keiner dieser Hosts ist zurzeit lesbar</translation>
        </message>
        <message>
            <source>None of these told its speed.</source>
            <translation>Keine davon nannte ihre Geschwindigkeit.</translation>
        </message>
        <message>
            <source>None of these was streamed.</source>
            <translation>Keine davon kam als Datenstrom.</translation>
        </message>
        <message>
            <source>None of {hosts} answers.</source>
            <translation>Keine Antwort von {hosts}.</translation>
        </message>
        <message>
            <source>None of {n} hosts answers. No more alerts until one does.</source>
            <translation>Keiner von {n} Hosts antwortet. Keine weiteren Meldungen, bis einer antwortet.</translation>
        </message>
        <message>
            <source>none yet: press S on a model, or click its star</source>
            <translation>noch keine: S auf einem Modell drücken oder den Stern anklicken</translation>
        </message>
        <message>
            <source>Not a favorite</source>
            <translation>Kein Favorit</translation>
        </message>
        <message>
            <source>Not checked against this agent's own documentation.</source>
            <translation>Nicht anhand der Dokumentation dieses Agenten geprüft.</translation>
        </message>
        <message>
            <source>Not checked yet</source>
            <translation>Noch nicht geprüft</translation>
        </message>
        <message>
            <source>not checked yet</source>
            <translation>noch nicht geprüft</translation>
        </message>
        <message>
            <source>not connected</source>
            <translation>nicht verbunden</translation>
        </message>
        <message>
            <source>Not following</source>
            <translation>Folgt nicht</translation>
        </message>
        <message>
            <source>not known here</source>
            <translation>hier nicht bekannt</translation>
        </message>
        <message>
            <source>Not known yet</source>
            <translation>Noch nicht bekannt</translation>
        </message>
        <message>
            <source>not offered now</source>
            <translation>zurzeit nicht im Angebot</translation>
        </message>
        <message>
            <source>Not reached</source>
            <translation>Nicht erreicht</translation>
        </message>
        <message>
            <source>not up yet</source>
            <translation>nie da</translation>
        </message>
        <message>
            <source>Not used: the address begins with http://.</source>
            <translation>Nicht verwendet: Die Adresse beginnt mit http://.</translation>
        </message>
        <message>
            <source>Not verified against this program's documentation.</source>
            <translation>Nicht anhand der Dokumentation dieses Programms geprüft.</translation>
        </message>
        <message>
            <source>Not written yet</source>
            <translation>Noch nicht geschrieben</translation>
        </message>
        <message>
            <source>Nothing ended in it.</source>
            <translation>Darin endete nichts.</translation>
        </message>
        <message>
            <source>Nothing has this name.</source>
            <translation>Nichts heißt so.</translation>
        </message>
        <message>
            <source>Nothing is in memory. A request or “Load a model” brings one in.</source>
            <translation>Nichts ist im Speicher. Eine Anfrage oder „Modell laden“ holt eines herein.</translation>
        </message>
        <message>
            <source>Nothing is known to be loaded.</source>
            <translation>Soweit bekannt, ist nichts geladen.</translation>
        </message>
        <message>
            <source>Nothing is loaded or changed on your hosts by looking.</source>
            <translation>Nachsehen lädt oder ändert nichts auf den Hosts.</translation>
        </message>
        <message>
            <source>Nothing listens at {where}.</source>
            <translation>An {where} lauscht nichts.</translation>
        </message>
        <message>
            <source>nothing listens here</source>
            <translation>hier lauscht nichts</translation>
        </message>
        <message>
            <source>nothing loaded</source>
            <translation>nichts geladen</translation>
        </message>
        <message>
            <source>Nothing matches</source>
            <translation>Nichts passt</translation>
        </message>
        <message>
            <source>Nothing matches “{words}”</source>
            <translation>Nichts passt zu „{words}“</translation>
        </message>
        <message>
            <source>Nothing of BooControl is in the file. Writing adds it; your own lines and comments stay.</source>
            <translation>Die Datei enthält nichts von BooControl. Schreiben ergänzt es; eigene Zeilen und Kommentare bleiben.</translation>
        </message>
        <message>
            <source>Nothing pops up about these, whatever happens to them.</source>
            <translation>Zu diesen erscheint nichts, was auch geschieht.</translation>
        </message>
        <message>
            <source>Nothing ran on this host yet.</source>
            <translation>Auf diesem Host lief noch nichts.</translation>
        </message>
        <message>
            <source>Nothing runs. Requests through the gateway stand here while they run.</source>
            <translation>Nichts läuft. Anfragen über das Gateway stehen hier, solange sie laufen.</translation>
        </message>
        <message>
            <source>nothing to write</source>
            <translation>nichts zu schreiben</translation>
        </message>
        <message>
            <source>Nothing to write: the file is as wanted already.</source>
            <translation>Nichts zu schreiben: Die Datei ist schon wie gewünscht.</translation>
        </message>
        <message>
            <source>Nothing was heard from it yet.</source>
            <translation>Bisher ist nichts von ihm bekannt.</translation>
        </message>
        <message>
            <source>Nothing was loaded or unloaded yet.</source>
            <translation>Bisher wurde nichts geladen oder entladen.</translation>
        </message>
        <message>
            <source>Nothing was written yet</source>
            <translation>Noch nichts geschrieben</translation>
        </message>
        <message>
            <source>Notifications</source>
            <translation>Benachrichtigungen</translation>
        </message>
        <message>
            <source>Notifications about it</source>
            <translation>Benachrichtigungen dazu</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>Jetzt</translation>
        </message>
        <message>
            <source>now</source>
            <translation>jetzt</translation>
        </message>
        <message>
            <source>of its network card, to wake it</source>
            <translation>seiner Netzwerkkarte, um ihn zu wecken</translation>
        </message>
        <message>
            <source>Of the newest requests only, since {time}.</source>
            <translation>Nur aus den neuesten Anfragen, seit {time}.</translation>
        </message>
        <message>
            <source>Of the window and the tray. Takes effect at the next start.</source>
            <translation>Sprache von Fenster und Infobereich. Gilt ab dem nächsten Start.</translation>
        </message>
        <message>
            <source>Of two hosts with the same model, any/model takes the higher one.</source>
            <translation>Bei zwei Hosts mit demselben Modell nimmt any/modell den höheren.</translation>
        </message>
        <message>
            <source>of {span} checked</source>
            <translation>von {span} geprüft</translation>
        </message>
        <message>
            <source>of {total} GB GPU memory in use on {hosts}</source>
            <translation>von {total} GB GPU-Speicher belegt auf {hosts}</translation>
        </message>
        <message>
            <source>Off, or without a tray: closing the window quits.</source>
            <translation>Aus oder ohne Infobereich: Schließen des Fensters beendet BooControl.</translation>
        </message>
        <message>
            <source>Off: any program on this computer may chat. Changes always need it.</source>
            <translation>Aus: Jedes Programm auf diesem Rechner darf chatten. Änderungen verlangen ihn immer.</translation>
        </message>
        <message>
            <source>Off: any program on this computer may chat. Changes always need the key.</source>
            <translation>Aus: Jedes Programm auf diesem Rechner darf chatten. Änderungen verlangen immer den Schlüssel.</translation>
        </message>
        <message>
            <source>off: marked as often off</source>
            <translation>aus: als „oft aus“ markiert</translation>
        </message>
        <message>
            <source>Off: nothing pops up, the tray icon still changes.</source>
            <translation>Aus: Nichts erscheint, das Symbol im Infobereich ändert sich weiterhin.</translation>
        </message>
        <message>
            <source>off: switched off here</source>
            <translation>aus: hier abgeschaltet</translation>
        </message>
        <message>
            <source>often off, so nobody is told</source>
            <translation>oft aus, daher keine Meldung</translation>
        </message>
        <message>
            <source>Often off: being down is normal and not told</source>
            <translation>Oft aus: Offline ist normal und wird nicht gemeldet</translation>
        </message>
        <message>
            <source>Older than version 173, or not told.</source>
            <translation>Älter als Version 173 oder nicht genannt.</translation>
        </message>
        <message>
            <source>on its way</source>
            <translation>unterwegs</translation>
        </message>
        <message>
            <source>on the default host, %1</source>
            <translation>auf dem Standard-Host, %1</translation>
        </message>
        <message>
            <source>on, down and up</source>
            <translation>ein, bei offline und online</translation>
        </message>
        <message>
            <source>Once per host, until the key works.</source>
            <translation>Einmal je Host, bis der Schlüssel passt.</translation>
        </message>
        <message>
            <source>Once you wrote its file, new models are added by themselves. Your own lines stay.</source>
            <translation>Ist seine Datei einmal geschrieben, kommen neue Modelle von selbst hinzu. Eigene Zeilen bleiben.</translation>
        </message>
        <message>
            <source>one address for every host</source>
            <translation>eine Adresse für alle Hosts</translation>
        </message>
        <message>
            <source>One more thing</source>
            <translation>Noch eines</translation>
        </message>
        <message>
            <source>One OpenAI-compatible address for all hosts. A model is called host/model, or any/model for where it is warm.</source>
            <translation>Eine OpenAI-kompatible Adresse für alle Hosts. Ein Modell heißt host/modell oder any/modell: dort, wo es geladen ist.</translation>
        </message>
        <message>
            <source>Only hosts whose MAC address is known. The request waits meanwhile.</source>
            <translation>Nur Hosts, deren MAC-Adresse bekannt ist. Die Anfrage wartet so lange.</translation>
        </message>
        <message>
            <source>Only matches</source>
            <translation>Nur Treffer</translation>
        </message>
        <message>
            <source>Only on the gateway's own computer: boocontrol gateway key --renew</source>
            <translation>Nur am Rechner des Gateways selbst: boocontrol gateway key --renew</translation>
        </message>
        <message>
            <source>Only the tray icon is shown at start, on desktops that have a tray.</source>
            <translation>Beim Start erscheint nur das Symbol im Infobereich, wo es einen gibt.</translation>
        </message>
        <message>
            <source>Only this host</source>
            <translation>Nur dieser Host</translation>
        </message>
        <message>
            <source>Only this model</source>
            <translation>Nur dieses Modell</translation>
        </message>
        <message>
            <source>Only while the host answers.</source>
            <translation>Nur solange der Host antwortet.</translation>
        </message>
        <message>
            <source>Only who asked</source>
            <translation>Nur dieser Anfragende</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <source>Open BooControl</source>
            <translation>BooControl öffnen</translation>
        </message>
        <message>
            <source>Open in editor</source>
            <translation>Im Editor öffnen</translation>
        </message>
        <message>
            <source>Open it by hand.</source>
            <translation>Von Hand öffnen.</translation>
        </message>
        <message>
            <source>Open its web UI</source>
            <translation>Weboberfläche öffnen</translation>
        </message>
        <message>
            <source>Open web UI</source>
            <translation>Weboberfläche öffnen</translation>
        </message>
        <message>
            <source>OpenAI-compatible server</source>
            <translation>OpenAI-kompatibler Server</translation>
        </message>
        <message>
            <source>opencode in one click</source>
            <translation>opencode mit einem Klick</translation>
        </message>
        <message>
            <source>opencode is out of date</source>
            <translation>opencode ist veraltet</translation>
        </message>
        <message>
            <source>opencode must then be written again.</source>
            <translation>opencode muss danach neu geschrieben werden.</translation>
        </message>
        <message>
            <source>Or go back:</source>
            <translation>Oder zurück:</translation>
        </message>
        <message>
            <source>Origins such as https://chat.example. All others are refused.</source>
            <translation>Herkünfte wie https://chat.example. Alle anderen werden abgewiesen.</translation>
        </message>
        <message>
            <source>other</source>
            <translation>andere</translation>
        </message>
        <message>
            <source>Other agents</source>
            <translation>Andere Agenten</translation>
        </message>
        <message>
            <source>Other lines are hidden: {n}.</source>
            <translation>Andere Zeilen sind verborgen: {n}.</translation>
        </message>
        <message>
            <source>Other models of these hosts are unloaded.</source>
            <translation>Andere Modelle dieser Hosts werden entladen.</translation>
        </message>
        <message>
            <source>out</source>
            <translation>aus</translation>
        </message>
        <message>
            <source>Out of date</source>
            <translation>Veraltet</translation>
        </message>
        <message>
            <source>Outcome</source>
            <translation>Ausgang</translation>
        </message>
        <message>
            <source>Output</source>
            <translation>Ausgabe</translation>
        </message>
        <message>
            <source>Output speed</source>
            <translation>Ausgabetempo</translation>
        </message>
        <message>
            <source>Output tokens</source>
            <translation>Token der Ausgabe</translation>
        </message>
        <message>
            <source>Output tokens a second</source>
            <translation>Ausgegebene Token pro Sekunde</translation>
        </message>
        <message>
            <source>Output tokens a second over the last 5 minutes: what runs, at the last speed of its model.</source>
            <translation>Ausgegebene Token pro Sekunde in den letzten 5 Minuten; Laufendes mit der letzten Geschwindigkeit seines Modells.</translation>
        </message>
        <message>
            <source>over</source>
            <translation>vorbei</translation>
        </message>
        <message>
            <source>Overrule my edits</source>
            <translation>Eigene Änderungen überschreiben</translation>
        </message>
        <message>
            <source>Overview</source>
            <translation>Überblick</translation>
        </message>
        <message>
            <source>own</source>
            <translation>eigen</translation>
        </message>
        <message>
            <source>p50 {middle}, p95 {high}</source>
            <translation>p50 {middle}, p95 {high}</translation>
        </message>
        <message>
            <source>Pages</source>
            <translation>Seiten</translation>
        </message>
        <message>
            <source>Parts of this page</source>
            <translation>Teile dieser Seite</translation>
        </message>
        <message>
            <source>passed</source>
            <translation>bestanden</translation>
        </message>
        <message>
            <source>passed with a warning</source>
            <translation>bestanden, mit Warnung</translation>
        </message>
        <message>
            <source>Passport</source>
            <translation>Steckbrief</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Pausieren</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>Pausiert</translation>
        </message>
        <message>
            <source>Paused by you.</source>
            <translation>Von Hand pausiert.</translation>
        </message>
        <message>
            <source>Paused: nothing is sent to it</source>
            <translation>Pausiert: Es wird nichts gesendet</translation>
        </message>
        <message>
            <source>Phase</source>
            <translation>Phase</translation>
        </message>
        <message>
            <source>Place</source>
            <translation>Ort</translation>
        </message>
        <message>
            <source>Point opencode here</source>
            <translation>opencode hierher richten</translation>
        </message>
        <message>
            <source>point your coding agent at the gateway</source>
            <translation>den Coding-Agenten auf das Gateway richten</translation>
        </message>
        <message>
            <source>Port %1 was chosen in place of the usual one, and is kept for the next start.</source>
            <translation>Statt des üblichen Ports wurde %1 gewählt; er gilt auch beim nächsten Start.</translation>
        </message>
        <message>
            <source>Power</source>
            <translation>Leistung</translation>
        </message>
        <message>
            <source>Press S on a model, or click its star. Favorites come first everywhere.</source>
            <translation>S auf einem Modell drücken oder den Stern anklicken. Favoriten stehen überall zuerst.</translation>
        </message>
        <message>
            <source>Priority</source>
            <translation>Vorrang</translation>
        </message>
        <message>
            <source>Processor</source>
            <translation>Prozessor</translation>
        </message>
        <message>
            <source>Processor and memory</source>
            <translation>Prozessor und Speicher</translation>
        </message>
        <message>
            <source>Programs that were given the old key are refused until they get the new one.</source>
            <translation>Programme mit dem alten Schlüssel werden abgewiesen, bis sie den neuen bekommen.</translation>
        </message>
        <message>
            <source>Prompt</source>
            <translation>Eingabe</translation>
        </message>
        <message>
            <source>Prompt speed</source>
            <translation>Eingabetempo</translation>
        </message>
        <message>
            <source>Prompt tokens</source>
            <translation>Token der Eingabe</translation>
        </message>
        <message>
            <source>props</source>
            <translation>props</translation>
        </message>
        <message>
            <source>Providers: {known}.</source>
            <translation>Provider: {known}.</translation>
        </message>
        <message>
            <source>Proxy</source>
            <translation>Proxy</translation>
        </message>
        <message>
            <source>Proxy and models</source>
            <translation>Proxy und Modelle</translation>
        </message>
        <message>
            <source>proxy, upstream, or one model of any host</source>
            <translation>Proxy, Upstream oder ein Modell beliebiger Hosts</translation>
        </message>
        <message>
            <source>Python, Qt</source>
            <translation>Python, Qt</translation>
        </message>
        <message>
            <source>queued</source>
            <translation>wartet</translation>
        </message>
        <message>
            <source>queued behind {model}</source>
            <translation>wartet hinter {model}</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Beenden</translation>
        </message>
        <message>
            <source>Quit BooControl?</source>
            <translation>BooControl beenden?</translation>
        </message>
        <message>
            <source>Reach the gateway</source>
            <translation>Gateway erreichen</translation>
        </message>
        <message>
            <source>Read again</source>
            <translation>Neu lesen</translation>
        </message>
        <message>
            <source>Read all</source>
            <translation>Alles lesen</translation>
        </message>
        <message>
            <source>read from the model's start command</source>
            <translation>aus dem Startbefehl des Modells</translation>
        </message>
        <message>
            <source>Read it again and repeat the change.</source>
            <translation>Neu lesen und die Änderung wiederholen.</translation>
        </message>
        <message>
            <source>Reading the history</source>
            <translation>Verlauf wird gelesen</translation>
        </message>
        <message>
            <source>reading…</source>
            <translation>wird gelesen…</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>Bereit</translation>
        </message>
        <message>
            <source>Received</source>
            <translation>Empfangen</translation>
        </message>
        <message>
            <source>Refresh</source>
            <translation>Aktualisieren</translation>
        </message>
        <message>
            <source>Refresh now</source>
            <translation>Jetzt aktualisieren</translation>
        </message>
        <message>
            <source>Refused</source>
            <translation>Abgelehnt</translation>
        </message>
        <message>
            <source>refused</source>
            <translation>abgelehnt</translation>
        </message>
        <message>
            <source>refused by the host</source>
            <translation>vom Host abgelehnt</translation>
        </message>
        <message>
            <source>regex</source>
            <translation>Regex</translation>
        </message>
        <message>
            <source>Regular expression</source>
            <translation>Regulärer Ausdruck</translation>
        </message>
        <message>
            <source>Regular expression; off looks for the words as they stand</source>
            <translation>Regulärer Ausdruck; aus sucht die Wörter, wie sie dastehen</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <source>Remove from Favorites</source>
            <translation>Aus den Favoriten entfernen</translation>
        </message>
        <message>
            <source>Removed the scene “{name}”.</source>
            <translation>Szene „{name}“ entfernt.</translation>
        </message>
        <message>
            <source>Removed {name} from the fleet.</source>
            <translation>{name} wurde aus der Flotte entfernt.</translation>
        </message>
        <message>
            <source>Rename</source>
            <translation>Umbenennen</translation>
        </message>
        <message>
            <source>Rename the model on its host.</source>
            <translation>Das Modell auf seinem Host umbenennen.</translation>
        </message>
        <message>
            <source>Rename “{name}”</source>
            <translation>„{name}“ umbenennen</translation>
        </message>
        <message>
            <source>Renew</source>
            <translation>Erneuern</translation>
        </message>
        <message>
            <source>Renew it there.</source>
            <translation>Dort erneuern.</translation>
        </message>
        <message>
            <source>Renew the key</source>
            <translation>Schlüssel erneuern</translation>
        </message>
        <message>
            <source>Renew the key?</source>
            <translation>Schlüssel erneuern?</translation>
        </message>
        <message>
            <source>Replace</source>
            <translation>Ersetzen</translation>
        </message>
        <message>
            <source>Replace mine</source>
            <translation>Eigenes ersetzen</translation>
        </message>
        <message>
            <source>Replace the whole list</source>
            <translation>Die ganze Liste ersetzen</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>Bericht</translation>
        </message>
        <message>
            <source>Request</source>
            <translation>Anfrage</translation>
        </message>
        <message>
            <source>request</source>
            <translation>Anfrage</translation>
        </message>
        <message>
            <source>request now</source>
            <translation>Anfrage läuft</translation>
        </message>
        <message>
            <source>Requests</source>
            <translation>Anfragen</translation>
        </message>
        <message>
            <source>requests</source>
            <translation>Anfragen</translation>
        </message>
        <message>
            <source>Requests now</source>
            <translation>Laufende Anfragen</translation>
        </message>
        <message>
            <source>requests now</source>
            <translation>Anfragen laufen</translation>
        </message>
        <message>
            <source>Requests that ended</source>
            <translation>Beendete Anfragen</translation>
        </message>
        <message>
            <source>Requests that run now</source>
            <translation>Laufende Anfragen</translation>
        </message>
        <message>
            <source>Requests unknown</source>
            <translation>Anfragen unbekannt</translation>
        </message>
        <message>
            <source>Requests, loads and health of hosts. No prompt and no answer is kept.</source>
            <translation>Anfragen, Ladevorgänge und Zustand der Hosts. Keine Eingabe und keine Antwort wird behalten.</translation>
        </message>
        <message>
            <source>Restart</source>
            <translation>Neu starten</translation>
        </message>
        <message>
            <source>Restart the gateway, so that both are the same version.</source>
            <translation>Das Gateway neu starten, damit beide dieselbe Version haben.</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>Resume ({n})</source>
            <translation>Fortsetzen ({n})</translation>
        </message>
        <message>
            <source>Resume it first.</source>
            <translation>Zuerst fortsetzen.</translation>
        </message>
        <message>
            <source>Retry</source>
            <translation>Wiederholen</translation>
        </message>
        <message>
            <source>Retry {host}</source>
            <translation>{host} erneut versuchen</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>Ausführen</translation>
        </message>
        <message>
            <source>Run again</source>
            <translation>Erneut ausführen</translation>
        </message>
        <message>
            <source>Running</source>
            <translation>Läuft</translation>
        </message>
        <message>
            <source>runs</source>
            <translation>läuft</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Speichern</translation>
        </message>
        <message>
            <source>Save and test</source>
            <translation>Speichern und testen</translation>
        </message>
        <message>
            <source>Save anyway</source>
            <translation>Trotzdem speichern</translation>
        </message>
        <message>
            <source>Save the list of hosts</source>
            <translation>Liste der Hosts speichern</translation>
        </message>
        <message>
            <source>Save the log</source>
            <translation>Protokoll speichern</translation>
        </message>
        <message>
            <source>Save what is loaded now</source>
            <translation>Geladenes als Szene speichern</translation>
        </message>
        <message>
            <source>Save what is loaded now (nothing is)</source>
            <translation>Geladenes speichern (nichts ist geladen)</translation>
        </message>
        <message>
            <source>Save what is loaded now as a scene…</source>
            <translation>Geladenes als Szene speichern…</translation>
        </message>
        <message>
            <source>Save what is loaded now…</source>
            <translation>Geladenes speichern…</translation>
        </message>
        <message>
            <source>saved as you change them</source>
            <translation>werden beim Ändern gespeichert</translation>
        </message>
        <message>
            <source>Saved the scene “{name}”.</source>
            <translation>Szene „{name}“ gespeichert.</translation>
        </message>
        <message>
            <source>Saved {lines} to {file}</source>
            <translation>{lines} in {file} gespeichert</translation>
        </message>
        <message>
            <source>Saving.</source>
            <translation>Wird gespeichert.</translation>
        </message>
        <message>
            <source>Scenes</source>
            <translation>Szenen</translation>
        </message>
        <message>
            <source>Scrolled up</source>
            <translation>Hochgeblättert</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>Suchen</translation>
        </message>
        <message>
            <source>Search models</source>
            <translation>Modelle suchen</translation>
        </message>
        <message>
            <source>Search settings</source>
            <translation>Suchen</translation>
        </message>
        <message>
            <source>Search {models}</source>
            <translation>{models} filtern</translation>
        </message>
        <message>
            <source>Sections</source>
            <translation>Abschnitte</translation>
        </message>
        <message>
            <source>See what they hold</source>
            <translation>Sehen, was da ist</translation>
        </message>
        <message>
            <source>Self-test</source>
            <translation>Selbsttest</translation>
        </message>
        <message>
            <source>Send a prompt</source>
            <translation>Eingabe senden</translation>
        </message>
        <message>
            <source>Send the stored key to the new address</source>
            <translation>Den gespeicherten Schlüssel an die neue Adresse senden</translation>
        </message>
        <message>
            <source>Sends one tiny prompt. The model is not ready: the test loads it, which may push another out.</source>
            <translation>Sendet eine winzige Eingabe. Das Modell ist nicht bereit: Der Test lädt es, was ein anderes verdrängen kann.</translation>
        </message>
        <message>
            <source>Sends one tiny prompt. The model is ready.</source>
            <translation>Sendet eine winzige Eingabe. Das Modell ist bereit.</translation>
        </message>
        <message>
            <source>Sent</source>
            <translation>Gesendet</translation>
        </message>
        <message>
            <source>Servers of kind openai do not show their log.</source>
            <translation>Server der Art openai zeigen ihr Protokoll nicht.</translation>
        </message>
        <message>
            <source>Session</source>
            <translation>Sitzung</translation>
        </message>
        <message>
            <source>set by you for this provider</source>
            <translation>für diesen Provider selbst festgelegt</translation>
        </message>
        <message>
            <source>Set it for the gateway's process, or store the key in the keyring.</source>
            <translation>Für den Prozess des Gateways setzen oder den Schlüssel im Schlüsselbund speichern.</translation>
        </message>
        <message>
            <source>Sets of models that are loaded together</source>
            <translation>Gruppen von Modellen, die zusammen geladen werden</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>Settings of this window are in</source>
            <translation>Einstellungen dieses Fensters stehen in</translation>
        </message>
        <message>
            <source>Several</source>
            <translation>Mehrere</translation>
        </message>
        <message>
            <source>Shorter helps clients that give up early.</source>
            <translation>Kürzer hilft Clients, die früh aufgeben.</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>Anzeigen</translation>
        </message>
        <message>
            <source>Show all lines</source>
            <translation>Alle Zeilen zeigen</translation>
        </message>
        <message>
            <source>Show all models</source>
            <translation>Alle Modelle zeigen</translation>
        </message>
        <message>
            <source>Show in BooControl</source>
            <translation>In BooControl zeigen</translation>
        </message>
        <message>
            <source>Show its activity</source>
            <translation>Seine Aktivität zeigen</translation>
        </message>
        <message>
            <source>Show its logs</source>
            <translation>Seine Protokolle zeigen</translation>
        </message>
        <message>
            <source>Show notifications</source>
            <translation>Benachrichtigungen anzeigen</translation>
        </message>
        <message>
            <source>Show snippet</source>
            <translation>Beispiel zeigen</translation>
        </message>
        <message>
            <source>Show snippet for %1</source>
            <translation>Beispiel für %1 zeigen</translation>
        </message>
        <message>
            <source>Show the key</source>
            <translation>Schlüssel anzeigen</translation>
        </message>
        <message>
            <source>Show these keys</source>
            <translation>Diese Tasten anzeigen</translation>
        </message>
        <message>
            <source>Silence before a stream is kept alive</source>
            <translation>Stille, bevor ein Datenstrom wachgehalten wird</translation>
        </message>
        <message>
            <source>Silent until {time}</source>
            <translation>Stumm bis {time}</translation>
        </message>
        <message>
            <source>since %1</source>
            <translation>seit %1</translation>
        </message>
        <message>
            <source>since {time}</source>
            <translation>seit {time}</translation>
        </message>
        <message>
            <source>Skip, I will do it later</source>
            <translation>Überspringen, später erledigen</translation>
        </message>
        <message>
            <source>Slow: answers take {s} s.</source>
            <translation>Langsam: Antworten brauchen {s} s.</translation>
        </message>
        <message>
            <source>Slower than usual: {now} {unit}, usually {usual}.</source>
            <translation>Langsamer als üblich: {now} {unit}, sonst {usual}.</translation>
        </message>
        <message>
            <source>Snippet</source>
            <translation>Beispiel</translation>
        </message>
        <message>
            <source>Snippets</source>
            <translation>Beispiele</translation>
        </message>
        <message>
            <source>Snooze alerts</source>
            <translation>Meldungen stummschalten</translation>
        </message>
        <message>
            <source>so far, {size}</source>
            <translation>bisher, {size}</translation>
        </message>
        <message>
            <source>Some models are on other hosts too.</source>
            <translation>Einige Modelle gibt es auch auf anderen Hosts.</translation>
        </message>
        <message>
            <source>somebody</source>
            <translation>jemand</translation>
        </message>
        <message>
            <source>Something else to write</source>
            <translation>Anderes zu schreiben</translation>
        </message>
        <message>
            <source>Something unexpected went wrong (%1).</source>
            <translation>Etwas Unerwartetes ging schief (%1).</translation>
        </message>
        <message>
            <source>Sort by</source>
            <translation>Sortieren nach</translation>
        </message>
        <message>
            <source>Sorted among the newest {n} of {all}.</source>
            <translation>Sortiert unter den neuesten {n} von {all}.</translation>
        </message>
        <message>
            <source>Sorted among the newest {n}. Reading…</source>
            <translation>Sortiert unter den neuesten {n}. Wird gelesen…</translation>
        </message>
        <message>
            <source>source not known</source>
            <translation>Quelle unbekannt</translation>
        </message>
        <message>
            <source>Speed</source>
            <translation>Tempo</translation>
        </message>
        <message>
            <source>Speed p50</source>
            <translation>Tempo p50</translation>
        </message>
        <message>
            <source>Stages</source>
            <translation>Stufen</translation>
        </message>
        <message>
            <source>Star not saved, put back.</source>
            <translation>Stern nicht gespeichert, zurückgesetzt.</translation>
        </message>
        <message>
            <source>Star the model, or take the star away</source>
            <translation>Stern setzen oder entfernen</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Starten</translation>
        </message>
        <message>
            <source>start command</source>
            <translation>Startbefehl</translation>
        </message>
        <message>
            <source>Start it</source>
            <translation>Starten</translation>
        </message>
        <message>
            <source>Start it again when you need it.</source>
            <translation>Bei Bedarf wieder starten.</translation>
        </message>
        <message>
            <source>Start one (such as GNOME Keyring or KWallet), or name an environment variable as the key's source.</source>
            <translation>Einen starten (etwa GNOME-Schlüsselbund oder KWallet) oder eine Umgebungsvariable als Quelle nennen.</translation>
        </message>
        <message>
            <source>Start the desktop's password service, or use an environment variable as the key's source.</source>
            <translation>Den Passwortdienst des Desktops starten oder eine Umgebungsvariable als Quelle verwenden.</translation>
        </message>
        <message>
            <source>Start the gateway, then try again.</source>
            <translation>Das Gateway starten, dann erneut versuchen.</translation>
        </message>
        <message>
            <source>Start the server there, or check the port.</source>
            <translation>Den Server dort starten oder den Port prüfen.</translation>
        </message>
        <message>
            <source>Start when I log in</source>
            <translation>Beim Anmelden starten</translation>
        </message>
        <message>
            <source>Start without a window</source>
            <translation>Ohne Fenster starten</translation>
        </message>
        <message>
            <source>Started by something else, such as systemd: stop it there.</source>
            <translation>Anderswo gestartet, etwa durch systemd: dort anhalten.</translation>
        </message>
        <message>
            <source>Starting</source>
            <translation>Startet</translation>
        </message>
        <message>
            <source>starting</source>
            <translation>startet</translation>
        </message>
        <message>
            <source>Starting again</source>
            <translation>Startet neu</translation>
        </message>
        <message>
            <source>Starting the gateway</source>
            <translation>Das Gateway startet</translation>
        </message>
        <message>
            <source>starting, {passed} of {usual}</source>
            <translation>startet, {passed} von {usual}</translation>
        </message>
        <message>
            <source>starting, {passed} of {usual} s</source>
            <translation>startet, {passed} von {usual} s</translation>
        </message>
        <message>
            <source>starting, {span}</source>
            <translation>startet, {span}</translation>
        </message>
        <message>
            <source>starts in a moment</source>
            <translation>beginnt gleich</translation>
        </message>
        <message>
            <source>starts when there is an address</source>
            <translation>beginnt, sobald eine Adresse da ist</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>Stay</source>
            <translation>Bleiben</translation>
        </message>
        <message>
            <source>stays</source>
            <translation>bleibt</translation>
        </message>
        <message>
            <source>Step %1 of %2: %3</source>
            <translation>Schritt %1 von %2: %3</translation>
        </message>
        <message>
            <source>Still watched, from the last good list</source>
            <translation>Weiter überwacht, aus der letzten gültigen Liste</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>Stop it where it was started, e.g. systemd.</source>
            <translation>Dort anhalten, wo es gestartet wurde, z. B. in systemd.</translation>
        </message>
        <message>
            <source>Stop the gateway?</source>
            <translation>Gateway anhalten?</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>Angehalten</translation>
        </message>
        <message>
            <source>stopped at: %1</source>
            <translation>angehalten bei: %1</translation>
        </message>
        <message>
            <source>Stopped by you.</source>
            <translation>Von Hand angehalten.</translation>
        </message>
        <message>
            <source>Stop…</source>
            <translation>Anhalten…</translation>
        </message>
        <message>
            <source>Store it anew.</source>
            <translation>Neu speichern.</translation>
        </message>
        <message>
            <source>Store the key again.</source>
            <translation>Den Schlüssel neu speichern.</translation>
        </message>
        <message>
            <source>Store the key of this host.</source>
            <translation>Den Schlüssel dieses Hosts speichern.</translation>
        </message>
        <message>
            <source>Store the right key for this provider.</source>
            <translation>Den richtigen Schlüssel für diesen Provider speichern.</translation>
        </message>
        <message>
            <source>Straight to the host</source>
            <translation>Direkt zum Host</translation>
        </message>
        <message>
            <source>straight to the host</source>
            <translation>direkt zum Host</translation>
        </message>
        <message>
            <source>Streamed</source>
            <translation>Als Datenstrom</translation>
        </message>
        <message>
            <source>Such servers do not tell theirs.</source>
            <translation>Solche Server nennen ihre nicht.</translation>
        </message>
        <message>
            <source>System</source>
            <translation>System</translation>
        </message>
        <message>
            <source>Take everything of BooControl out of opencode's file.</source>
            <translation>Alles von BooControl aus der Datei von opencode entfernen.</translation>
        </message>
        <message>
            <source>takes too long on {lines}</source>
            <translation>dauert zu lange bei {lines}</translation>
        </message>
        <message>
            <source>Test</source>
            <translation>Testen</translation>
        </message>
        <message>
            <source>Test</source>
            <comment>a title</comment>
            <translation>Test</translation>
        </message>
        <message>
            <source>Test again</source>
            <translation>Erneut testen</translation>
        </message>
        <message>
            <source>Test passed in {ms} ms, {n} models.</source>
            <translation>Test in {ms} ms bestanden, {n} Modelle.</translation>
        </message>
        <message>
            <source>Testing…</source>
            <translation>Test läuft…</translation>
        </message>
        <message>
            <source>The address cannot be used.</source>
            <translation>Die Adresse ist nicht verwendbar.</translation>
        </message>
        <message>
            <source>The address holds a user name or password.</source>
            <translation>Die Adresse enthält Benutzernamen oder Passwort.</translation>
        </message>
        <message>
            <source>The address is empty.</source>
            <translation>Die Adresse ist leer.</translation>
        </message>
        <message>
            <source>The address {typed} has a part after ? or #.</source>
            <translation>Die Adresse {typed} hat einen Teil nach ? oder #.</translation>
        </message>
        <message>
            <source>The answer broke off.</source>
            <translation>Die Antwort brach ab.</translation>
        </message>
        <message>
            <source>The answer was empty.</source>
            <translation>Die Antwort war leer.</translation>
        </message>
        <message>
            <source>The certificate file {path} cannot be used.</source>
            <translation>Die Zertifikatsdatei {path} ist nicht verwendbar.</translation>
        </message>
        <message>
            <source>The certificate of {where} has expired.</source>
            <translation>Das Zertifikat von {where} ist abgelaufen.</translation>
        </message>
        <message>
            <source>The certificate of {where} is made out to another name.</source>
            <translation>Das Zertifikat von {where} lautet auf einen anderen Namen.</translation>
        </message>
        <message>
            <source>The certificate of {where} is not trusted ({why}).</source>
            <translation>Dem Zertifikat von {where} wird nicht vertraut ({why}).</translation>
        </message>
        <message>
            <source>the client left</source>
            <translation>der Client ging</translation>
        </message>
        <message>
            <source>the command line</source>
            <translation>die Befehlszeile</translation>
        </message>
        <message>
            <source>The demo opens in a window of its own.</source>
            <translation>Die Demo öffnet sich in einem eigenen Fenster.</translation>
        </message>
        <message>
            <source>The environment variable {name}, which holds the key, is not set.</source>
            <translation>Die Umgebungsvariable {name} mit dem Schlüssel ist nicht gesetzt.</translation>
        </message>
        <message>
            <source>The file could not be written: {why}.</source>
            <translation>Die Datei konnte nicht geschrieben werden: {why}.</translation>
        </message>
        <message>
            <source>The file is as it was before.</source>
            <translation>Die Datei ist wieder wie zuvor.</translation>
        </message>
        <message>
            <source>The file is as wanted already.</source>
            <translation>Die Datei ist schon wie gewünscht.</translation>
        </message>
        <message>
            <source>The file is not on this computer.</source>
            <translation>Die Datei liegt nicht auf diesem Rechner.</translation>
        </message>
        <message>
            <source>The file names another gateway address</source>
            <translation>Die Datei nennt eine andere Gateway-Adresse</translation>
        </message>
        <message>
            <source>The file's lines</source>
            <translation>Die Zeilen der Datei</translation>
        </message>
        <message>
            <source>The gateway at {url} cannot be reached.</source>
            <translation>Das Gateway an {url} ist nicht erreichbar.</translation>
        </message>
        <message>
            <source>The gateway at {url} does not answer in time.</source>
            <translation>Das Gateway an {url} antwortet nicht rechtzeitig.</translation>
        </message>
        <message>
            <source>The gateway cannot be started: {why}.</source>
            <translation>Das Gateway kann nicht gestartet werden: {why}.</translation>
        </message>
        <message>
            <source>The gateway did not start.</source>
            <translation>Das Gateway ist nicht gestartet.</translation>
        </message>
        <message>
            <source>The gateway does not run</source>
            <translation>Das Gateway läuft nicht</translation>
        </message>
        <message>
            <source>The gateway does not run; nothing is watched.</source>
            <translation>Das Gateway läuft nicht; nichts wird überwacht.</translation>
        </message>
        <message>
            <source>The gateway ended the stream.</source>
            <translation>Das Gateway beendete den Datenstrom.</translation>
        </message>
        <message>
            <source>The gateway ended unexpectedly (code {code}) and is started again in {s} s.</source>
            <translation>Das Gateway endete unerwartet (Code {code}) und wird in {s} s neu gestartet.</translation>
        </message>
        <message>
            <source>The gateway ended {n} times in 5 minutes and is not started again (code {code}).</source>
            <translation>Das Gateway endete {n}-mal in 5 Minuten und wird nicht neu gestartet (Code {code}).</translation>
        </message>
        <message>
            <source>The gateway failed.</source>
            <translation>Das Gateway versagte.</translation>
        </message>
        <message>
            <source>The gateway for {where} runs no more, or does not answer at {url}.</source>
            <translation>Das Gateway für {where} läuft nicht mehr oder antwortet nicht an {url}.</translation>
        </message>
        <message>
            <source>The gateway has not told of any host yet.</source>
            <translation>Das Gateway hat noch keinen Host genannt.</translation>
        </message>
        <message>
            <source>The gateway has not told yet.</source>
            <translation>Das Gateway hat sich noch nicht gemeldet.</translation>
        </message>
        <message>
            <source>The gateway is not there: start it to see what would be written.</source>
            <translation>Das Gateway ist nicht da: Erst nach dem Start ist zu sehen, was geschrieben würde.</translation>
        </message>
        <message>
            <source>The gateway is version {gateway}, this window is version {window}.</source>
            <translation>Das Gateway hat Version {gateway}, dieses Fenster Version {window}.</translation>
        </message>
        <message>
            <source>The gateway stopped</source>
            <translation>Das Gateway hat angehalten</translation>
        </message>
        <message>
            <source>The gateway stopped.</source>
            <translation>Das Gateway hat angehalten.</translation>
        </message>
        <message>
            <source>The gateway stops.</source>
            <translation>Das Gateway hält an.</translation>
        </message>
        <message>
            <source>The gateway takes long to start.</source>
            <translation>Das Gateway braucht lange zum Starten.</translation>
        </message>
        <message>
            <source>The gateway was stopped from outside.</source>
            <translation>Das Gateway wurde von außen angehalten.</translation>
        </message>
        <message>
            <source>The gateway writes new models into the file, once you wrote it here.</source>
            <translation>Das Gateway trägt neue Modelle in die Datei ein, sobald sie hier einmal geschrieben wurde.</translation>
        </message>
        <message>
            <source>The gateway's address is not in the file</source>
            <translation>Die Adresse des Gateways steht nicht in der Datei</translation>
        </message>
        <message>
            <source>The history could not be read</source>
            <translation>Der Verlauf konnte nicht gelesen werden</translation>
        </message>
        <message>
            <source>The history is read once the gateway is there.</source>
            <translation>Der Verlauf wird gelesen, sobald das Gateway da ist.</translation>
        </message>
        <message>
            <source>The host accepts the key.</source>
            <translation>Der Host nimmt den Schlüssel an.</translation>
        </message>
        <message>
            <source>The host answered, but the model is not in memory now.</source>
            <translation>Der Host antwortete, aber das Modell ist nicht im Speicher.</translation>
        </message>
        <message>
            <source>The host began a new log, or lines are missing here.</source>
            <translation>Der Host begann ein neues Protokoll, oder hier fehlen Zeilen.</translation>
        </message>
        <message>
            <source>The host does not answer, so nothing is known of its memory.</source>
            <translation>Der Host antwortet nicht, daher ist nichts über seinen Speicher bekannt.</translation>
        </message>
        <message>
            <source>The host does not answer.</source>
            <translation>Der Host antwortet nicht.</translation>
        </message>
        <message>
            <source>The host does not tell the context length.</source>
            <translation>Der Host nennt die Kontextlänge nicht.</translation>
        </message>
        <message>
            <source>The host found no GPU that it can ask.</source>
            <translation>Der Host fand keine GPU, die er abfragen kann.</translation>
        </message>
        <message>
            <source>The host has not begun: it lets running requests end first.</source>
            <translation>Der Host hat noch nicht begonnen: Laufende Anfragen enden zuerst.</translation>
        </message>
        <message>
            <source>The host lists no models.</source>
            <translation>Der Host nennt keine Modelle.</translation>
        </message>
        <message>
            <source>The host needs a key, and the stored one belongs to another address.</source>
            <translation>Der Host braucht einen Schlüssel, und der gespeicherte gehört zu einer anderen Adresse.</translation>
        </message>
        <message>
            <source>The host needs a key.</source>
            <translation>Der Host braucht einen Schlüssel.</translation>
        </message>
        <message>
            <source>The host refuses the key.</source>
            <translation>Der Host lehnt den Schlüssel ab.</translation>
        </message>
        <message>
            <source>The host tells no GPU figures.</source>
            <translation>Der Host nennt keine GPU-Werte.</translation>
        </message>
        <message>
            <source>The key is empty or holds characters that no HTTP header can carry.</source>
            <translation>Der Schlüssel ist leer oder enthält Zeichen, die kein HTTP-Header tragen kann.</translation>
        </message>
        <message>
            <source>The keyring does not answer.</source>
            <translation>Der Schlüsselbund antwortet nicht.</translation>
        </message>
        <message>
            <source>The keyring failed ({error}).</source>
            <translation>Der Schlüsselbund versagte ({error}).</translation>
        </message>
        <message>
            <source>The keyring holds no key named {name}.</source>
            <translation>Der Schlüsselbund enthält keinen Schlüssel namens {name}.</translation>
        </message>
        <message>
            <source>The keyring is locked.</source>
            <translation>Der Schlüsselbund ist gesperrt.</translation>
        </message>
        <message>
            <source>The last good list stays in use.</source>
            <translation>Die letzte gültige Liste bleibt in Gebrauch.</translation>
        </message>
        <message>
            <source>The list of hosts cannot be read</source>
            <translation>Die Liste der Hosts ist nicht lesbar</translation>
        </message>
        <message>
            <source>The list of hosts cannot be read.</source>
            <translation>Die Liste der Hosts ist nicht lesbar.</translation>
        </message>
        <message>
            <source>The list of hosts has a fault</source>
            <translation>Die Liste der Hosts hat einen Fehler</translation>
        </message>
        <message>
            <source>The list of models cannot be read.</source>
            <translation>Die Liste der Modelle ist nicht lesbar.</translation>
        </message>
        <message>
            <source>The model {text} does not exist.</source>
            <translation>Das Modell {text} gibt es nicht.</translation>
        </message>
        <message>
            <source>The name {name} is not known.</source>
            <translation>Der Name {name} ist unbekannt.</translation>
        </message>
        <message>
            <source>The newest {n} are shown. Narrow the filter, or export, to see the others.</source>
            <translation>Gezeigt sind die neuesten {n}. Für die übrigen den Filter verengen oder exportieren.</translation>
        </message>
        <message>
            <source>The next page shows what would be written into its file. Your own lines stay, and there is an undo.</source>
            <translation>Die nächste Seite zeigt, was in seine Datei geschrieben würde. Eigene Zeilen bleiben, und es lässt sich rückgängig machen.</translation>
        </message>
        <message>
            <source>The old file is kept as %1.</source>
            <translation>Die alte Datei bleibt als %1 erhalten.</translation>
        </message>
        <message>
            <source>The password service does not answer.</source>
            <translation>Der Passwortdienst antwortet nicht.</translation>
        </message>
        <message>
            <source>The provider is gone.</source>
            <translation>Der Provider ist nicht mehr da.</translation>
        </message>
        <message>
            <source>The provider {id} has no macAddress, so it cannot be woken.</source>
            <translation>Der Provider {id} hat keine macAddress und kann nicht geweckt werden.</translation>
        </message>
        <message>
            <source>The provider {id} has this address already.</source>
            <translation>Der Provider {id} hat diese Adresse schon.</translation>
        </message>
        <message>
            <source>The provider {id} is paused.</source>
            <translation>Der Provider {id} ist pausiert.</translation>
        </message>
        <message>
            <source>The report could not be made.</source>
            <translation>Der Bericht konnte nicht erstellt werden.</translation>
        </message>
        <message>
            <source>The server may hang or be very slow.</source>
            <translation>Der Server hängt vielleicht oder ist sehr langsam.</translation>
        </message>
        <message>
            <source>The server there may hang: restart it.</source>
            <translation>Der Server dort hängt vielleicht: neu starten.</translation>
        </message>
        <message>
            <source>The stored key belongs to the old address and stays behind.</source>
            <translation>Der gespeicherte Schlüssel gehört zur alten Adresse und bleibt dort.</translation>
        </message>
        <message>
            <source>The stored key holds characters that cannot be sent.</source>
            <translation>Der gespeicherte Schlüssel enthält nicht sendbare Zeichen.</translation>
        </message>
        <message>
            <source>the system's certificates</source>
            <translation>die Zertifikate des Systems</translation>
        </message>
        <message>
            <source>The wake-up packet cannot be sent: {why}.</source>
            <translation>Das Weckpaket kann nicht gesendet werden: {why}.</translation>
        </message>
        <message>
            <source>Their logs appear here once there is one.</source>
            <translation>Ihre Protokolle erscheinen hier, sobald es einen gibt.</translation>
        </message>
        <message>
            <source>Theme</source>
            <translation>Farbschema</translation>
        </message>
        <message>
            <source>There is a provider %1 already. Choose another id.</source>
            <translation>Es gibt schon einen Provider %1. Eine andere Kennung wählen.</translation>
        </message>
        <message>
            <source>There is a provider {id} already.</source>
            <translation>Es gibt schon einen Provider {id}.</translation>
        </message>
        <message>
            <source>There is a scene of this name.</source>
            <translation>Es gibt schon eine Szene dieses Namens.</translation>
        </message>
        <message>
            <source>There is no connection to the gateway.</source>
            <translation>Es besteht keine Verbindung zum Gateway.</translation>
        </message>
        <message>
            <source>There is no file {path}.</source>
            <translation>Es gibt keine Datei {path}.</translation>
        </message>
        <message>
            <source>There is no model to test with.</source>
            <translation>Es gibt kein Modell zum Testen.</translation>
        </message>
        <message>
            <source>There is no provider {id}.</source>
            <translation>Es gibt keinen Provider {id}.</translation>
        </message>
        <message>
            <source>There is no provider.</source>
            <translation>Es gibt keinen Provider.</translation>
        </message>
        <message>
            <source>There is no scene “{name}” any more.</source>
            <translation>Die Szene „{name}“ gibt es nicht mehr.</translation>
        </message>
        <message>
            <source>There is no such provider.</source>
            <translation>Diesen Provider gibt es nicht.</translation>
        </message>
        <message>
            <source>There is no way from here to {where}.</source>
            <translation>Von hier führt kein Weg zu {where}.</translation>
        </message>
        <message>
            <source>There is no write to undo.</source>
            <translation>Es gibt kein Schreiben, das rückgängig zu machen wäre.</translation>
        </message>
        <message>
            <source>They come back with their host.</source>
            <translation>Sie kommen mit ihrem Host zurück.</translation>
        </message>
        <message>
            <source>thinking</source>
            <translation>denkt nach</translation>
        </message>
        <message>
            <source>this computer</source>
            <translation>dieser Rechner</translation>
        </message>
        <message>
            <source>This computer has no password store that can be used.</source>
            <translation>Dieser Rechner hat keinen verwendbaren Passwortspeicher.</translation>
        </message>
        <message>
            <source>This computer seems offline</source>
            <translation>Dieser Rechner scheint offline zu sein</translation>
        </message>
        <message>
            <source>This computer seems offline.</source>
            <translation>Dieser Rechner scheint offline zu sein.</translation>
        </message>
        <message>
            <source>This gateway was started by something else.</source>
            <translation>Dieses Gateway wurde anderswo gestartet.</translation>
        </message>
        <message>
            <source>This host does not tell:</source>
            <translation>Dieser Host teilt nicht mit:</translation>
        </message>
        <message>
            <source>This host is not in the list</source>
            <translation>Dieser Host steht nicht in der Liste</translation>
        </message>
        <message>
            <source>This host needs a key.</source>
            <translation>Dieser Host braucht einen Schlüssel.</translation>
        </message>
        <message>
            <source>This is what they hold</source>
            <translation>Das enthalten sie</translation>
        </message>
        <message>
            <source>This is {kind}.</source>
            <translation>Das ist {kind}.</translation>
        </message>
        <message>
            <source>this panel</source>
            <translation>dieses Fenster</translation>
        </message>
        <message>
            <source>This version of llama-swap has no log streams.</source>
            <translation>Diese Version von llama-swap hat keine Protokollströme.</translation>
        </message>
        <message>
            <source>This window then shows the hosts of a gateway that runs on another computer.</source>
            <translation>Dieses Fenster zeigt dann die Hosts eines Gateways, das auf einem anderen Computer läuft.</translation>
        </message>
        <message>
            <source>Through the gateway</source>
            <translation>Über das Gateway</translation>
        </message>
        <message>
            <source>through the gateway</source>
            <translation>über das Gateway</translation>
        </message>
        <message>
            <source>through this gateway</source>
            <translation>über dieses Gateway</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>Zeit</translation>
        </message>
        <message>
            <source>Time between such comments</source>
            <translation>Abstand dieser Kommentare</translation>
        </message>
        <message>
            <source>Time that a woken host has to answer</source>
            <translation>Frist für einen geweckten Host</translation>
        </message>
        <message>
            <source>Time to first token</source>
            <translation>Zeit bis zum ersten Token</translation>
        </message>
        <message>
            <source>TLS</source>
            <translation>TLS</translation>
        </message>
        <message>
            <source>To have BooControl set it again, overrule your edits.</source>
            <translation>Damit BooControl es wieder setzt, die eigenen Änderungen überschreiben.</translation>
        </message>
        <message>
            <source>tok/s</source>
            <translation>Tok/s</translation>
        </message>
        <message>
            <source>Tokens</source>
            <translation>Token</translation>
        </message>
        <message>
            <source>Tokens a second over the last 5 minutes</source>
            <translation>Token pro Sekunde in den letzten 5 Minuten</translation>
        </message>
        <message>
            <source>told by the running model (/props)</source>
            <translation>laut laufendem Modell (/props)</translation>
        </message>
        <message>
            <source>told in the host's model list</source>
            <translation>laut Modellliste des Hosts</translation>
        </message>
        <message>
            <source>told in the host's model list (meta)</source>
            <translation>laut Modellliste des Hosts (meta)</translation>
        </message>
        <message>
            <source>Tools</source>
            <translation>Werkzeuge</translation>
        </message>
        <message>
            <source>tried {age}</source>
            <translation>Versuch {age}</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Erneut versuchen</translation>
        </message>
        <message>
            <source>Try again.</source>
            <translation>Erneut versuchen.</translation>
        </message>
        <message>
            <source>Trying again</source>
            <translation>Neuer Versuch läuft</translation>
        </message>
        <message>
            <source>Type https:// instead of http://.</source>
            <translation>https:// statt http:// eingeben.</translation>
        </message>
        <message>
            <source>Type its key and test again.</source>
            <translation>Seinen Schlüssel eingeben und erneut testen.</translation>
        </message>
        <message>
            <source>Type the host and port of the server, such as 192.168.1.20:8080.</source>
            <translation>Host und Port des Servers eingeben, etwa 192.168.1.20:8080.</translation>
        </message>
        <message>
            <source>Type the key to send it to this address.</source>
            <translation>Den Schlüssel eingeben, um ihn an diese Adresse zu senden.</translation>
        </message>
        <message>
            <source>Understood as {url}.</source>
            <translation>Verstanden als {url}.</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <source>Undo last write</source>
            <translation>Rückgängig machen</translation>
        </message>
        <message>
            <source>unknown</source>
            <translation>unbekannt</translation>
        </message>
        <message>
            <source>Unload</source>
            <translation>Entladen</translation>
        </message>
        <message>
            <source>Unload %1?</source>
            <translation>%1 entladen?</translation>
        </message>
        <message>
            <source>Unload all</source>
            <translation>Alles entladen</translation>
        </message>
        <message>
            <source>Unload all on {host}…</source>
            <translation>Alles auf {host} entladen…</translation>
        </message>
        <message>
            <source>Unload everything</source>
            <translation>Alles entladen</translation>
        </message>
        <message>
            <source>Unload everything…</source>
            <translation>Alles entladen…</translation>
        </message>
        <message>
            <source>Unload other models of these hosts when it is applied</source>
            <translation>Andere Modelle dieser Hosts beim Anwenden entladen</translation>
        </message>
        <message>
            <source>Unload the model, or cancel the running request</source>
            <translation>Modell entladen oder laufende Anfrage abbrechen</translation>
        </message>
        <message>
            <source>Unload {model}</source>
            <translation>{model} entladen</translation>
        </message>
        <message>
            <source>Unlock it (log in to the desktop) and try again.</source>
            <translation>Entsperren (am Desktop anmelden) und erneut versuchen.</translation>
        </message>
        <message>
            <source>unnamed</source>
            <translation>ohne Namen</translation>
        </message>
        <message>
            <source>unverified</source>
            <translation>ungeprüft</translation>
        </message>
        <message>
            <source>Up</source>
            <translation>Online</translation>
        </message>
        <message>
            <source>Up</source>
            <comment>key</comment>
            <translation>Hoch</translation>
        </message>
        <message>
            <source>Up to date</source>
            <translation>Aktuell</translation>
        </message>
        <message>
            <source>Up to date, with your changes</source>
            <translation>Aktuell, mit eigenen Änderungen</translation>
        </message>
        <message>
            <source>Use</source>
            <translation>Auslastung</translation>
        </message>
        <message>
            <source>Use %1</source>
            <translation>%1 verwenden</translation>
        </message>
        <message>
            <source>Use http:// or https://.</source>
            <translation>http:// oder https:// verwenden.</translation>
        </message>
        <message>
            <source>Use port {port}, or free this one.</source>
            <translation>Port {port} verwenden oder diesen freigeben.</translation>
        </message>
        <message>
            <source>Use the name in the certificate as the address.</source>
            <translation>Den Namen im Zertifikat als Adresse verwenden.</translation>
        </message>
        <message>
            <source>Use the one of this computer</source>
            <translation>Das dieses Computers nehmen</translation>
        </message>
        <message>
            <source>Use the usual port</source>
            <translation>Den üblichen Port verwenden</translation>
        </message>
        <message>
            <source>Version</source>
            <translation>Version</translation>
        </message>
        <message>
            <source>version %1</source>
            <translation>Version %1</translation>
        </message>
        <message>
            <source>Vision</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>Wait for the end, or repeat with force.</source>
            <translation>Das Ende abwarten oder mit Nachdruck wiederholen.</translation>
        </message>
        <message>
            <source>waiting</source>
            <translation>wartet</translation>
        </message>
        <message>
            <source>Waiting for {hosts}</source>
            <translation>Wartet auf {hosts}</translation>
        </message>
        <message>
            <source>waits</source>
            <translation>wartet</translation>
        </message>
        <message>
            <source>waits for the first token</source>
            <translation>wartet auf erstes Token</translation>
        </message>
        <message>
            <source>waits for the gateway</source>
            <translation>wartet auf das Gateway</translation>
        </message>
        <message>
            <source>waits for: %1</source>
            <translation>wartet auf: %1</translation>
        </message>
        <message>
            <source>waits to be loaded</source>
            <translation>wartet auf das Laden</translation>
        </message>
        <message>
            <source>Wake</source>
            <translation>Wecken</translation>
        </message>
        <message>
            <source>Wake a sleeping host when a request needs it</source>
            <translation>Einen schlafenden Host wecken, wenn eine Anfrage ihn braucht</translation>
        </message>
        <message>
            <source>Wake {host}</source>
            <translation>{host} wecken</translation>
        </message>
        <message>
            <source>Wake-up address</source>
            <translation>Weckadresse</translation>
        </message>
        <message>
            <source>Waking for {span}</source>
            <translation>Wird seit {span} geweckt</translation>
        </message>
        <message>
            <source>Waking {host}.</source>
            <translation>{host} wird geweckt.</translation>
        </message>
        <message>
            <source>Waking…</source>
            <translation>Wird geweckt…</translation>
        </message>
        <message>
            <source>was asked for</source>
            <translation>wurde angefordert</translation>
        </message>
        <message>
            <source>was cancelled while it started</source>
            <translation>wurde beim Start abgebrochen</translation>
        </message>
        <message>
            <source>was cut off while it answered</source>
            <translation>wurde beim Antworten abgeschnitten</translation>
        </message>
        <message>
            <source>was pushed out</source>
            <translation>wurde verdrängt</translation>
        </message>
        <message>
            <source>was {state}</source>
            <translation>war {state}</translation>
        </message>
        <message>
            <source>Way</source>
            <translation>Weg</translation>
        </message>
        <message>
            <source>Web pages that may call it</source>
            <translation>Webseiten, die es aufrufen dürfen</translation>
        </message>
        <message>
            <source>Web pages: %1.</source>
            <translation>Webseiten: %1.</translation>
        </message>
        <message>
            <source>Web pages: none.</source>
            <translation>Webseiten: keine.</translation>
        </message>
        <message>
            <source>What a load would cost</source>
            <translation>Was das Laden kosten würde</translation>
        </message>
        <message>
            <source>What a model name means</source>
            <translation>Was ein Modellname bedeutet</translation>
        </message>
        <message>
            <source>What a new chat starts with.</source>
            <translation>Womit ein neuer Chat beginnt.</translation>
        </message>
        <message>
            <source>What a write would change in %1.</source>
            <translation>Was ein Schreiben in %1 ändern würde.</translation>
        </message>
        <message>
            <source>What a write would change stands here.</source>
            <translation>Hier steht, was ein Schreiben ändern würde.</translation>
        </message>
        <message>
            <source>What answers at {url} does not answer as a BooControl gateway does (status {status}).</source>
            <translation>Was an {url} antwortet, ist kein BooControl-Gateway (Status {status}).</translation>
        </message>
        <message>
            <source>What answers at {where} does not speak HTTP.</source>
            <translation>Was an {where} antwortet, spricht kein HTTP.</translation>
        </message>
        <message>
            <source>What answers at {where} is no model server: it lists no models at /v1/models.</source>
            <translation>Was an {where} antwortet, ist kein Modellserver: Unter /v1/models stehen keine Modelle.</translation>
        </message>
        <message>
            <source>What happened on this host</source>
            <translation>Was auf diesem Host geschah</translation>
        </message>
        <message>
            <source>What is to be written changed since it was read.</source>
            <translation>Was geschrieben werden soll, hat sich seit dem Lesen geändert.</translation>
        </message>
        <message>
            <source>What it has in memory is not known now.</source>
            <translation>Was im Speicher liegt, ist zurzeit unbekannt.</translation>
        </message>
        <message>
            <source>What runs is not known: there is no connection to the gateway.</source>
            <translation>Was läuft, ist unbekannt: keine Verbindung zum Gateway.</translation>
        </message>
        <message>
            <source>what runs now, and what ran</source>
            <translation>was läuft und was lief</translation>
        </message>
        <message>
            <source>What runs through the gateway is kept and shown here, across restarts too.</source>
            <translation>Was über das Gateway läuft, bleibt hier erhalten, auch über Neustarts hinweg.</translation>
        </message>
        <message>
            <source>What the chart shows</source>
            <translation>Was das Diagramm zeigt</translation>
        </message>
        <message>
            <source>What the file holds</source>
            <translation>Inhalt der Datei</translation>
        </message>
        <message>
            <source>what the scene loaded</source>
            <translation>was die Szene lud</translation>
        </message>
        <message>
            <source>What you see is from {time}.</source>
            <translation>Die Anzeige ist von {time}.</translation>
        </message>
        <message>
            <source>What {where} answers is not JSON.</source>
            <translation>Was {where} antwortet, ist kein JSON.</translation>
        </message>
        <message>
            <source>When it ends by itself, not when you stop it.</source>
            <translation>Wenn es von selbst endet, nicht beim Anhalten von Hand.</translation>
        </message>
        <message>
            <source>When the database would be larger, the oldest goes first.</source>
            <translation>Würde die Datenbank größer, geht das Älteste zuerst.</translation>
        </message>
        <message>
            <source>Where do your models live?</source>
            <translation>Wo liegen die Modelle?</translation>
        </message>
        <message>
            <source>Where is it warm?</source>
            <translation>Wo ist es geladen?</translation>
        </message>
        <message>
            <source>where it is ready, else where it starts, else by your order</source>
            <translation>wo es bereit ist, sonst wo es startet, sonst nach eigener Reihenfolge</translation>
        </message>
        <message>
            <source>Where opencode finds the key</source>
            <translation>Wo opencode den Schlüssel findet</translation>
        </message>
        <message>
            <source>Whether {new} and {old} may stand side by side is not told by the host.</source>
            <translation>Ob {new} und {old} nebeneinander passen, teilt der Host nicht mit.</translation>
        </message>
        <message>
            <source>Which log</source>
            <translation>Welches Protokoll</translation>
        </message>
        <message>
            <source>Who asked</source>
            <translation>Wer anfragte</translation>
        </message>
        <message>
            <source>Who may use it</source>
            <translation>Wer es benutzen darf</translation>
        </message>
        <message>
            <source>Who pushed what out</source>
            <translation>Wer wen verdrängte</translation>
        </message>
        <message>
            <source>Whole answer</source>
            <translation>Ganze Antwort</translation>
        </message>
        <message>
            <source>Will be used as %1</source>
            <translation>Wird als %1 verwendet</translation>
        </message>
        <message>
            <source>Will be used as %1. With or without /v1 or /ui: all forms work.</source>
            <translation>Wird als %1 verwendet. Mit oder ohne /v1 oder /ui: Jede Form geht.</translation>
        </message>
        <message>
            <source>With or without http://, /v1 or /ui: all forms work.</source>
            <translation>Mit oder ohne http://, /v1 oder /ui: Jede Form geht.</translation>
        </message>
        <message>
            <source>working</source>
            <translation>arbeitet</translation>
        </message>
        <message>
            <source>Wrap long lines</source>
            <translation>Lange Zeilen umbrechen</translation>
        </message>
        <message>
            <source>Write</source>
            <translation>Schreiben</translation>
        </message>
        <message>
            <source>Write the last good list</source>
            <translation>Die letzte gültige Liste schreiben</translation>
        </message>
        <message>
            <source>Write to opencode</source>
            <translation>In opencode schreiben</translation>
        </message>
        <message>
            <source>written in the host's config</source>
            <translation>laut Konfiguration des Hosts</translation>
        </message>
        <message>
            <source>Written.</source>
            <translation>Geschrieben.</translation>
        </message>
        <message>
            <source>Written. opencode reads its file only at start: restart it.</source>
            <translation>Geschrieben. opencode liest seine Datei nur beim Start: bitte neu starten.</translation>
        </message>
        <message>
            <source>yes</source>
            <translation>ja</translation>
        </message>
        <message>
            <source>You can save before the test has passed.</source>
            <translation>Speichern geht auch, bevor der Test bestanden ist.</translation>
        </message>
        <message>
            <source>You can save now and add the key later.</source>
            <translation>Speichern geht schon jetzt, der Schlüssel kann später folgen.</translation>
        </message>
        <message>
            <source>Your changes were kept in {models}.</source>
            <translation>Eigene Änderungen bleiben in {models}.</translation>
        </message>
        <message>
            <source>Your hosts</source>
            <translation>Eigene Hosts</translation>
        </message>
        <message>
            <source>Your hosts appear in a moment.</source>
            <translation>Die Hosts erscheinen gleich.</translation>
        </message>
        <message>
            <source>Your models appear in a moment.</source>
            <translation>Die Modelle erscheinen gleich.</translation>
        </message>
        <message>
            <source>{count} models.</source>
            <translation>{count} Modelle.</translation>
        </message>
        <message>
            <source>{fault} (at {n})</source>
            <translation>{fault} (bei {n})</translation>
        </message>
        <message>
            <source>{hosts}, from the last good list</source>
            <translation>{hosts}, aus der letzten gültigen Liste</translation>
        </message>
        <message>
            <source>{host} is an address, no name to look up.</source>
            <translation>{host} ist eine Adresse, kein Name zum Nachschlagen.</translation>
        </message>
        <message>
            <source>{host} is back</source>
            <translation>{host} ist wieder da</translation>
        </message>
        <message>
            <source>{host} is down</source>
            <translation>{host} ist offline</translation>
        </message>
        <message>
            <source>{host} is paused</source>
            <translation>{host} ist pausiert</translation>
        </message>
        <message>
            <source>{host} is unsteady</source>
            <translation>{host} ist unstet</translation>
        </message>
        <message>
            <source>{host} needs a key</source>
            <translation>{host} braucht einen Schlüssel</translation>
        </message>
        <message>
            <source>{h} h {m} min</source>
            <translation>{h} h {m} min</translation>
        </message>
        <message>
            <source>{id} is {state}: nothing is known of its memory.</source>
            <translation>{id} ist {state}: Über seinen Speicher ist nichts bekannt.</translation>
        </message>
        <message>
            <source>{lines} waiting</source>
            <translation>{lines} warten</translation>
        </message>
        <message>
            <source>{models} to load</source>
            <translation>{models} zu laden</translation>
        </message>
        <message>
            <source>{models} to unload</source>
            <translation>{models} zu entladen</translation>
        </message>
        <message>
            <source>{models}, last known {age}</source>
            <translation>{models}, zuletzt bekannt {age}</translation>
        </message>
        <message>
            <source>{models}, {loaded} loaded</source>
            <translation>{models}, {loaded} geladen</translation>
        </message>
        <message>
            <source>{model} is slow on {host}</source>
            <translation>{model} ist langsam auf {host}</translation>
        </message>
        <message>
            <source>{model} loaded</source>
            <translation>{model} geladen</translation>
        </message>
        <message>
            <source>{model} loaded, {time}</source>
            <translation>{model} geladen, {time}</translation>
        </message>
        <message>
            <source>{model} on {host}</source>
            <translation>{model} auf {host}</translation>
        </message>
        <message>
            <source>{model} was not loaded on {host}</source>
            <translation>{model} wurde auf {host} nicht geladen</translation>
        </message>
        <message>
            <source>{name}, {n} GB</source>
            <translation>{name}, {n} GB</translation>
        </message>
        <message>
            <source>{now}, median {usual} ms</source>
            <translation>{now}, Median {usual} ms</translation>
        </message>
        <message>
            <source>{now}, usually {usual}</source>
            <translation>{now}, sonst {usual}</translation>
        </message>
        <message>
            <source>{n} %</source>
            <translation>{n} %</translation>
        </message>
        <message>
            <source>{n} % up</source>
            <translation>{n} % online</translation>
        </message>
        <message>
            <source>{n} bytes</source>
            <translation>{n} Byte</translation>
        </message>
        <message>
            <source>{n} cores</source>
            <translation>{n} Kerne</translation>
        </message>
        <message>
            <source>{n} errors</source>
            <translation>{n} Fehler</translation>
        </message>
        <message>
            <source>{n} GB</source>
            <translation>{n} GB</translation>
        </message>
        <message>
            <source>{n} hosts</source>
            <translation>{n} Hosts</translation>
        </message>
        <message>
            <source>{n} hosts changed</source>
            <translation>{n} Hosts geändert</translation>
        </message>
        <message>
            <source>{n} KB</source>
            <translation>{n} KB</translation>
        </message>
        <message>
            <source>{n} lines</source>
            <translation>{n} Zeilen</translation>
        </message>
        <message>
            <source>{n} loads come first.</source>
            <translation>{n} Ladevorgänge kommen zuerst.</translation>
        </message>
        <message>
            <source>{n} loads failed</source>
            <translation>{n} Ladevorgänge schlugen fehl</translation>
        </message>
        <message>
            <source>{n} loads seen</source>
            <translation>{n} Ladevorgänge gesehen</translation>
        </message>
        <message>
            <source>{n} matches</source>
            <translation>{n} Treffer</translation>
        </message>
        <message>
            <source>{n} MB</source>
            <translation>{n} MB</translation>
        </message>
        <message>
            <source>{n} min</source>
            <translation>{n} min</translation>
        </message>
        <message>
            <source>{n} models</source>
            <translation>{n} Modelle</translation>
        </message>
        <message>
            <source>{n} models are slow</source>
            <translation>{n} Modelle sind langsam</translation>
        </message>
        <message>
            <source>{n} ms</source>
            <translation>{n} ms</translation>
        </message>
        <message>
            <source>{n} newer</source>
            <translation>{n} neuere</translation>
        </message>
        <message>
            <source>{n} now</source>
            <translation>{n} jetzt</translation>
        </message>
        <message>
            <source>{n} of them from the cache</source>
            <translation>{n} davon aus dem Cache</translation>
        </message>
        <message>
            <source>{n} of {all}</source>
            <translation>{n} von {all}</translation>
        </message>
        <message>
            <source>{n} of {all} kept</source>
            <translation>{n} von {all} aufbewahrten</translation>
        </message>
        <message>
            <source>{n} of {total}</source>
            <translation>{n} von {total}</translation>
        </message>
        <message>
            <source>{n} on {hosts}, {loaded} loaded</source>
            <translation>{n} auf {hosts}, {loaded} geladen</translation>
        </message>
        <message>
            <source>{n} or more</source>
            <translation>{n} oder mehr</translation>
        </message>
        <message>
            <source>{n} outages, the last of them:</source>
            <translation>{n} Ausfälle, die letzten davon:</translation>
        </message>
        <message>
            <source>{n} prompt tokens</source>
            <translation>{n} Token Eingabe</translation>
        </message>
        <message>
            <source>{n} requests</source>
            <translation>{n} Anfragen</translation>
        </message>
        <message>
            <source>{n} requests now</source>
            <translation>{n} Anfragen laufen</translation>
        </message>
        <message>
            <source>{n} requests run</source>
            <translation>{n} Anfragen laufen</translation>
        </message>
        <message>
            <source>{n} requests run and would be cut off.</source>
            <translation>{n} Anfragen laufen und würden abgebrochen.</translation>
        </message>
        <message>
            <source>{n} requests wait for it and would be ended.</source>
            <translation>{n} Anfragen warten darauf und würden beendet.</translation>
        </message>
        <message>
            <source>{n} s</source>
            <translation>{n} s</translation>
        </message>
        <message>
            <source>{n} tok/s</source>
            <translation>{n} Tok/s</translation>
        </message>
        <message>
            <source>{n} tokens</source>
            <translation>{n} Token</translation>
        </message>
        <message>
            <source>{n} tokens, {told}</source>
            <translation>{n} Token, {told}</translation>
        </message>
        <message>
            <source>{n} tokens/s</source>
            <translation>{n} Token/s</translation>
        </message>
        <message>
            <source>{n} W</source>
            <translation>{n} W</translation>
        </message>
        <message>
            <source>{n} warnings</source>
            <translation>{n} Warnungen</translation>
        </message>
        <message>
            <source>{n} °C</source>
            <translation>{n} °C</translation>
        </message>
        <message>
            <source>{page} (Ctrl+{n})</source>
            <translation>{page} (Strg+{n})</translation>
        </message>
        <message>
            <source>{passed} of {usual}</source>
            <translation>{passed} von {usual}</translation>
        </message>
        <message>
            <source>{passed} of {usual} s</source>
            <translation>{passed} von {usual} s</translation>
        </message>
        <message>
            <source>{path} changed since it was read.</source>
            <translation>{path} wurde seit dem Lesen geändert.</translation>
        </message>
        <message>
            <source>{problems} in view</source>
            <translation>{problems} im Blick</translation>
        </message>
        <message>
            <source>{ref}, asked for as {name}</source>
            <translation>{ref}, angefragt als {name}</translation>
        </message>
        <message>
            <source>{requests} written to {file}</source>
            <translation>{requests} in {file} geschrieben</translation>
        </message>
        <message>
            <source>{requests}, {n} failed</source>
            <translation>{requests}, {n} fehlgeschlagen</translation>
        </message>
        <message>
            <source>{scheme}:// is not spoken by model servers.</source>
            <translation>{scheme}:// sprechen Modellserver nicht.</translation>
        </message>
        <message>
            <source>{typed} is not an address.</source>
            <translation>{typed} ist keine Adresse.</translation>
        </message>
        <message>
            <source>{typed} names no host.</source>
            <translation>{typed} nennt keinen Host.</translation>
        </message>
        <message>
            <source>{used} / {total} GB</source>
            <translation>{used} / {total} GB</translation>
        </message>
        <message>
            <source>{used} of {total} GB</source>
            <translation>{used} von {total} GB</translation>
        </message>
        <message>
            <source>{what} holds something else than a key.</source>
            <translation>{what} enthält etwas anderes als einen Schlüssel.</translation>
        </message>
        <message>
            <source>{where} answers {words}: the server behind it is not ready.</source>
            <translation>{where} antwortet {words}: Der Server dahinter ist nicht bereit.</translation>
        </message>
        <message>
            <source>{where} cannot be asked ({error}).</source>
            <translation>{where} ist nicht abfragbar ({error}).</translation>
        </message>
        <message>
            <source>{where} closed the connection at once.</source>
            <translation>{where} schloss die Verbindung sofort.</translation>
        </message>
        <message>
            <source>{where} closed the connection in the middle of its answer.</source>
            <translation>{where} brach die Verbindung mitten in der Antwort ab.</translation>
        </message>
        <message>
            <source>{where} closed the connection without an HTTP answer.</source>
            <translation>{where} schloss die Verbindung ohne HTTP-Antwort.</translation>
        </message>
        <message>
            <source>{where} does not answer: the machine is off, asleep or not reachable from here.</source>
            <translation>{where} antwortet nicht: Der Rechner ist aus, schläft oder ist von hier nicht erreichbar.</translation>
        </message>
        <message>
            <source>{where} redirects to nowhere.</source>
            <translation>{where} leitet ins Leere um.</translation>
        </message>
        <message>
            <source>{where} redirects to {place}.</source>
            <translation>{where} leitet auf {place} um.</translation>
        </message>
        <message>
            <source>{where} speaks no TLS that can be used.</source>
            <translation>{where} spricht kein verwendbares TLS.</translation>
        </message>
        <message>
            <source>{where} speaks TLS.</source>
            <translation>{where} spricht TLS.</translation>
        </message>
        <message>
            <source>{where} takes connections but does not answer.</source>
            <translation>{where} nimmt Verbindungen an, antwortet aber nicht.</translation>
        </message>
        <message>
            <source>{where} takes connections.</source>
            <translation>{where} nimmt Verbindungen an.</translation>
        </message>
        <message>
            <source>{words} by {who}</source>
            <translation>{words} von {who}</translation>
        </message>
        <message>
            <source>{words}, asked by {who}</source>
            <translation>{words}, Auftrag: {who}</translation>
        </message>
        <message>
            <source>{words}, status {n}</source>
            <translation>{words}, Status {n}</translation>
        </message>
        <message>
            <source>{word} since {since}</source>
            <translation>{word} seit {since}</translation>
        </message>
        <message>
            <source>{word} {since} to {until}</source>
            <translation>{word} {since} bis {until}</translation>
        </message>
        <message>
            <source>— not followed since {time}, this page was out of sight —</source>
            <translation>— seit {time} nicht gefolgt, diese Seite war nicht zu sehen —</translation>
        </message>
        <message>
            <source>— {n} bytes {why} —</source>
            <translation>— {n} Byte {why} —</translation>
        </message>
        <message>
            <source>“boocontrol gateway key” prints the key over there.</source>
            <translation>„boocontrol gateway key“ gibt den Schlüssel dort aus.</translation>
        </message>
        <message>
            <source>“{name}” is being applied.</source>
            <translation>„{name}“ wird angewendet.</translation>
        </message>
        <message>
            <source>“{name}”: {changes}.</source>
            <translation>„{name}“: {changes}.</translation>
        </message>
        <message>
            <source>−%1 lines</source>
            <translation>−%1 Zeilen</translation>
        </message>
        <message>
            <source>−1 line</source>
            <translation>−1 Zeile</translation>
        </message>
    </context>
</TS>
