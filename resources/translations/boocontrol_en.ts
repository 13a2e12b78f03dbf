<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>BooControl</name>
        <message numerus="yes">
            <source>%n, drag to reorder</source>
            <translation>
                <numerusform>%n, drag to reorder</numerusform>
                <numerusform>%n, drag to reorder</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>asked, %n s</source>
            <translation>
                <numerusform>asked, %n s</numerusform>
                <numerusform>asked, %n s</numerusform>
            </translation>
        </message>
    </context>
</TS>
