// The steps of workflow.json through the proxy that Mono's `wsdl` makes of our service description.
//
// mono Workflow.exe URL BINDING PASSWORD ARCHIVE WORKFLOW.JSON

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Web.Script.Serialization;
using System.Web.Services.Protocols;
using System.Xml;
using Step = System.Collections.Generic.Dictionary<string, object>;

static class Workflow {
    static readonly Dictionary<string, string> known = new Dictionary<string, string>();
    static readonly uint[] crcTable = Enumerable.Range(0, 256).Select(CrcOf).ToArray();
    static Srv.srv proxy;
    static string archive;

    static int Main(string[] arguments) {
        proxy = new Srv.srv {
            Url = arguments[0] + "/srv.asmx",
            SoapVersion = arguments[1] == "srvSoap12" ? SoapProtocolVersion.Soap12 : SoapProtocolVersion.Soap11,
        };
        known["password"] = arguments[2];
        archive = arguments[3];
        var reader = new JavaScriptSerializer { MaxJsonLength = int.MaxValue };
        var steps = reader.Deserialize<Step[]>(File.ReadAllText(arguments[4]));
        for (var number = 0; number < steps.Length; number++) {
            try {
                if (steps[number].ContainsKey("call")) Run(steps[number]);
                else if (steps[number].ContainsKey("fetch")) Fetch(steps[number]);
            } catch (Exception error) {
                Console.Error.WriteLine("step {0} {1}: {2}", number + 1, reader.Serialize(steps[number]), error);
                return 1;
            }
        }
        return 0;
    }

    static void Expect(bool isSo, object found) {
        if (!isSo) throw new Exception("not as expected: " + found);
    }

    // The text of a parameter, with what earlier steps kept.
    static string Filled(string value) {
        return Regex.Replace(value, @"\$\{(\w+)\}", name => known[name.Groups[1].Value]);
    }

    // A value of the type that the proxy's parameter has.
    static object Typed(object value, Type type) {
        var bytes = value as Step;
        if (bytes != null) return Convert.FromBase64String((string)bytes["bytes"]);
        var text = value as string;
        return Convert.ChangeType(text == null ? value : Filled(text), type);
    }

    static object Call(string operation, string user, Step parameters) {
        var given = new Dictionary<string, object>(parameters, StringComparer.OrdinalIgnoreCase);
        if (user != "") given["AuthenticationTicket"] = known[user];
        var method = typeof(Srv.srv).GetMethods().Single(candidate => candidate.Name == operation);
        var declared = method.GetParameters();
        foreach (var name in given.Keys) Expect(declared.Any(one => one.Name.ToLower() == name.ToLower()), name);
        var values = declared.Select(one => given.ContainsKey(one.Name)
            ? Typed(given[one.Name], one.ParameterType)
            : one.ParameterType.IsValueType ? Activator.CreateInstance(one.ParameterType) : null);
        return method.Invoke(proxy, values.ToArray());
    }

    static IEnumerable<string> Texts(Step step, string name) {
        return step.ContainsKey(name) ? ((System.Collections.IEnumerable)step[name]).Cast<string>() : new string[0];
    }

    static void Run(Step step) {
        var parameters = step.ContainsKey("with") ? (Step)step["with"] : new Step();
        var result = Call((string)step["call"], (string)step["as"], parameters);
        if (step.ContainsKey("gives")) {
            Expect(Convert.ToBase64String((byte[])result) == (string)step["gives"], result);
            return;
        }
        var root = (XmlElement)result;
        var text = root.OuterXml;
        Expect(root.GetAttribute("success") == (step.ContainsKey("fails") ? "false" : "true"), text);
        if (step.ContainsKey("fails")) Expect(root.GetAttribute("error").Contains((string)step["fails"]), text);
        Expect(Texts(step, "has").All(text.Contains), text);
        Expect(!Texts(step, "lacks").Any(text.Contains), text);
        if (!step.ContainsKey("keep")) return;
        foreach (var kept in (Step)step["keep"])
            known[kept.Key] = Regex.Match(text, " " + kept.Value + "=\"([^\"]*)\"").Groups[1].Value;
    }

    // The whole archive of a handler in chunks, with every CRC32 checked.
    static void Fetch(Step step) {
        using (var target = File.Create(archive)) {
            for (var last = false; !last;) {
                var parameters = new Step {
                    { "DownloadHandler", step["fetch"] }, { "StartOffset", target.Position }, { "ChunkSize", step["chunk"] },
                };
                var chunk = (XmlElement)Call("DownloadFileChunk", (string)step["as"], parameters);
                var content = Convert.FromBase64String(chunk.InnerText);
                Expect(Crc(content).ToString("X8") == chunk.GetAttribute("chunkCRC32"), "a chunk has another CRC32");
                target.Write(content, 0, content.Length);
                last = chunk.GetAttribute("lastchunk") == "true";
                Expect(target.Position <= long.Parse(chunk.GetAttribute("filelength")), "more bytes than the file has");
            }
        }
    }

    static uint CrcOf(int index) {
        var value = (uint)index;
        for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        return value;
    }

    static uint Crc(byte[] content) {
        return content.Aggregate(0xFFFFFFFF, (crc, one) => crcTable[(crc ^ one) & 0xFF] ^ (crc >> 8)) ^ 0xFFFFFFFF;
    }
}
